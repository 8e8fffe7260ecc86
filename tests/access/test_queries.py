"""Every page of a partner asks as often with much on it as with little, and no more than is said.

A page that asks once more for each row of a list is quick on the first evening, and slow after a
year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rituals.models import ScaleWording
from tests.access.filled import fill
from tests.access.lived import Ids
from tests.access.people import session_of, undone
from tests.access.test_matrix import PLACES, TABLE
from tests.factories import make_couple, make_person, without_brakes
from tests.sheets import offer

pytestmark = pytest.mark.django_db

LITTLE, MUCH = 1, 24
"""How much each of the two has of everything; the second is more than fits on a page."""

MOST = {
    "ask_new": 3,
    "couple_days": 2,
    "manual_new": 2,
    "me": 2,
    "principle_new": 2,
    "principle_shelf": 2,
    "repair_part": 2,
    "repair_small": 2,
    "repairs_over_time": 3,
    "start_example": 2,
    "start_mailbox": 2,
    "third_new": 2,
    "topic_new": 2,
    "appreciations": 3,
    "ask_matters": 3,
    "asks_older": 3,
    "felt_pulse": 3,
    "manual_entry": 3,
    "mark": 3,
    "meeting": 3,
    "my_practice": 3,
    "repair_new": 4,
    "rests": 3,
    "thirds_let_go": 3,
    "topic_draft": 3,
    "us_therapist_readings": 3,
    "asks": 4,
    "felt_weeks": 4,
    "good_days": 4,
    "manual": 4,
    "their_manual": 4,
    "principle_wordings": 4,
    "repair": 4,
    "repair_draft": 5,
    "ritual": 4,
    "ritual_new": 4,
    "ask": 5,
    "felt_scale_csi-16": 5,
    "felt_scale_csi-4": 5,
    "principle": 5,
    "principle_history": 5,
    "principles": 5,
    "ritual_calendar": 5,
    "reminders": 5,
    "rituals": 5,
    "topic": 5,
    "topics": 5,
    "repairs": 6,
    "thirds": 6,
    "us_therapist_consents": 6,
    "our_time_past": 7,
    "us_therapist": 8,
    "our_time": 9,
    "third": 9,
    "felt": 10,
    "today": 11,
    "us": 24,
}
"""How often each page asks the database: the session, who has arrived, and what is on it."""

Filled = tuple[Client, Ids]


@pytest.fixture(scope="module")
def couples(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Filled, Filled]]:
    """Somebody whose couple has little, and somebody whose couple has much."""
    with django_db_blocker.unblock(), undone(), without_brakes():
        sheets = [offer("csi-4"), offer("csi-16")]
        yield _couple(LITTLE, sheets), _couple(MUCH, sheets)


def _couple(much: int, sheets: list[ScaleWording]) -> Filled:
    first, second = (
        make_person(name=name, email=f"{name}{much}@example.com".lower()) for name in ("Ana", "Ben")
    )
    one, other = make_couple(first=first, second=second)
    ids = fill(one, other, much=much, sheets=sheets)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(one.person, factor=False)
    return client, ids


PAGES = sorted(
    name for name, row in TABLE.items() if row.gate.startswith("partner") and "GET" in row.methods
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_often_with_much_as_with_little(
    couples: tuple[Filled, Filled], name: str
) -> None:
    little, much = (_asked_by(name, *each) for each in couples)
    assert len(little) == len(much), "\n".join(much)
    assert len(much) <= MOST[name], "\n".join(much)


def test_every_page_has_its_number() -> None:
    assert set(PAGES) == set(MOST)


def _asked_by(name: str, client: Client, ids: Ids) -> list[str]:
    """Return what a page asks of the database when it is opened again."""
    keys = {taken: ids.get(f"{name}:{taken}") or ids[taken] for taken in PLACES[name].takes}
    url = reverse(name, kwargs={taken: first for taken, (first, *_others) in keys.items()})
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert answer.status_code == 200
    return [query["sql"] for query in asked]
