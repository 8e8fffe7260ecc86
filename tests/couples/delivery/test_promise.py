"""A promise made twice is one; what was kept is not promised again."""

from __future__ import annotations

import uuid

import pytest

from couples.clock import database_now
from couples.delivery.claim import claim
from couples.delivery.models.reminder import Outcome
from couples.models import Person, Reminder
from tests.couples.delivery.promises import MINUTE

SUBJECT = uuid.uuid4()


def promised(person: Person, *, due_in: int) -> Reminder:
    """Promise the same occasion for so many minutes from now."""
    due = database_now() + due_in * MINUTE
    Reminder.promise(
        person=person,
        couple=None,
        kind="test",
        subject=SUBJECT,
        occasion="2026-11-23",
        due_at=due,
        useful_until=due + 60 * MINUTE,
    )
    return Reminder.objects.get()


def test_promising_again_moves_the_promise(dora: Person) -> None:
    first, second = promised(dora, due_in=1), promised(dora, due_in=2)
    assert first.pk == second.pk
    assert first.due_at < second.due_at


def test_moving_a_promise_takes_it_from_whoever_attempts_it(dora: Person) -> None:
    promised(dora, due_in=-1)
    assert claim(now=database_now())
    assert promised(dora, due_in=5).lease_until is None


def test_what_was_dropped_unsent_can_be_promised_again(dora: Person) -> None:
    promised(dora, due_in=1)
    Reminder.drop(now=database_now(), kind="test", subject=SUBJECT)
    again = promised(dora, due_in=2)
    assert (again.settled_at, again.outcome) == (None, "")


@pytest.mark.parametrize(
    "outcome", [Outcome.SENT, Outcome.AMBIGUOUS, Outcome.LAPSED, Outcome.FAILED]
)
def test_what_was_settled_otherwise_stays_so(dora: Person, outcome: Outcome) -> None:
    promised(dora, due_in=1)
    Reminder.objects.update(settled_at=database_now(), outcome=outcome)
    assert promised(dora, due_in=2).outcome == outcome
