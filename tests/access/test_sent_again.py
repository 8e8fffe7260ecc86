"""What has been sent, and is sent once more from a page gone back to, makes nothing new.

Going back draws the form anew: the same words then come with another key and another token.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.access.people import World
from tests.access.posting import OURS, good, role_of
from tests.access.test_matrix import PLACES

pytestmark = pytest.mark.django_db

MAKES_ANOTHER = {
    # A therapist invites many couples with one setting: each tap is a link for another couple.
    "practice_invitations",
    # Taps without words on a page that is drawn from what was tapped: the button is gone after it.
    "topic_closings",
    "our_time_closings",
}
BESIDE = {"django_session", "cache", "usersessions_usersession", "couples_event"}
"""Tables that say nothing about what two people have here."""


def rows() -> dict[str, int]:
    """Count what there is, by table."""
    tables = {model._meta.db_table for model in apps.get_models()} - BESIDE
    counted = " UNION ALL ".join(f"SELECT '{each}', count(*) FROM \"{each}\"" for each in tables)  # noqa: S608 - our own tables
    with connection.cursor() as cursor:
        cursor.execute(counted)
        return dict(cursor.fetchall())


def sent(client: Client, url: str, words: dict[str, Any]) -> HttpResponse:
    """Send the words from a page that was just drawn."""
    answer: HttpResponse = client.post(url, {**words, "client_key": str(uuid.uuid4())})  # type: ignore[assignment]
    return answer


@pytest.mark.parametrize("name", [name for name in OURS if name not in MAKES_ANOTHER])
def test_the_same_words_again_make_nothing_new(
    world: World, client_for_all: Client, name: str
) -> None:
    url, words = world.url(PLACES[name]), good(name)
    with world.staying(role_of(name), client_for_all) as client:
        before = rows()
        first = sent(client, url, words)
        made = rows()
        again = sent(client, url, words)
        assert rows() == made
    if made != before:
        assert again.get("Location") == first.get("Location"), "it leads to another place"
