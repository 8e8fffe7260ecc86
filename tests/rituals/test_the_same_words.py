"""The same words from the same browser are what was sent already, for an hour."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse, reverse_lazy

from couples.clock import database_now
from couples.models import Partner
from rituals.models import Appreciation, Topic
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db

APPRECIATIONS, TOPICS = reverse_lazy("appreciations"), reverse_lazy("topic_new")
TOPIC = {"about": "request", "words": "The bins"}


def said() -> list[str]:
    """Return the appreciations there are, in the order in which they were said."""
    return [each.words for each in Appreciation.objects.order_by("said_at")]


def sent(client: Client, url: Any, words: dict[str, Any]) -> None:
    """Send the words from a page that was just drawn."""
    client.post(url, {**words, "client_key": str(uuid.uuid4())})


def test_words_that_were_changed_after_going_back_are_new(
    ana: Partner, client_of: ClientOf
) -> None:
    """A page that comes back from the browser's memory has the key that was used."""
    client, key = client_of(ana), str(uuid.uuid4())
    for words in ("You laughed.", "You laughed at my joke.", "You laughed."):
        client.post(APPRECIATIONS, {"words": words, "client_key": key})
    assert said() == ["You laughed.", "You laughed at my joke."]


def test_what_was_thrown_away_can_be_written_again(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    sent(client, TOPICS, TOPIC)
    client.post(reverse("topic_removal", args=[Topic.objects.get().pk]))
    sent(client, TOPICS, TOPIC)
    assert Topic.objects.count() == 1


def test_the_same_words_an_hour_later_are_new(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    for later in (timedelta(), timedelta(hours=1, minutes=1)):
        with time_machine.travel(database_now() + later, tick=True):
            sent(client, APPRECIATIONS, {"words": "Thank you."})
    assert said() == ["Thank you.", "Thank you."]


def test_what_a_session_remembers_is_no_words(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    sent(client, APPRECIATIONS, {"words": "You laughed."})
    assert client.session["sent"]
    assert "laughed" not in str(dict(client.session))
