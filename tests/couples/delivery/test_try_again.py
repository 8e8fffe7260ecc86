"""An operator puts a failed promise back, and nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest

from couples.clock import database_now
from couples.delivery.claim import tick
from couples.delivery.models.reminder import Channel, Outcome, Stage
from couples.delivery.turn import ATTEMPTS
from couples.models import Delivery, Person, Reminder
from tests.couples.delivery.promises import (
    MINUTE,
    Plan,
    lease_over,
    left_behind,
    outcome,
    promise,
    stages,
)
from tests.couples.delivery.sink import TAKEN, Sink

pytestmark = pytest.mark.django_db


def settle(reminder: Reminder, how: Outcome) -> Reminder:
    """Settle a promise in this way, a moment ago."""
    Reminder.objects.filter(pk=reminder.pk).update(settled_at=database_now(), outcome=how)
    return Reminder.objects.get(pk=reminder.pk)


def try_again(reminder: Reminder, *, now: datetime | None = None) -> bool:
    """Put it back as the operator's page does; say whether it was."""
    back = Reminder.objects.filter(pk=reminder.pk).put_back(now=now or database_now())
    reminder.refresh_from_db()
    return bool(back)


def refused(dora: Person, sink: Sink) -> Reminder:
    """Return a promise that failed because the server would not have it."""
    due = promise(dora)
    sink.to_recipient = "550 no"
    tick()
    sink.to_recipient = TAKEN
    assert outcome(due) == "failed"
    return Reminder.objects.get(pk=due.pk)


def test_a_failed_promise_put_back_goes_out(dora: Person, sink: Sink) -> None:
    due = refused(dora, sink)
    assert try_again(due)
    assert (due.outcome, due.settled_at) == ("", None)
    tick()
    assert (outcome(due), stages(due), len(sink.arrived)) == ("sent", ["failed", "sent"], 1)


@pytest.mark.parametrize("how", [how for how in Outcome if how is not Outcome.FAILED])
def test_whatever_did_not_fail_stays_as_it_is(dora: Person, sink: Sink, how: Outcome) -> None:
    done = settle(promise(dora), how)
    assert not try_again(done)
    tick()
    assert (outcome(done), sink.arrived) == (how, [])


def test_one_that_stands_stays_with_its_holder(dora: Person) -> None:
    due = promise(dora)
    assert not try_again(due)
    assert Reminder.objects.get(pk=due.pk).fence == due.fence


@pytest.mark.parametrize("stage", [Stage.HANDED, Stage.SENT, Stage.AMBIGUOUS])
def test_nothing_of_which_anything_may_have_gone_out_is_tried_again(
    dora: Person, stage: Stage
) -> None:
    """With two channels one can fail while the other has arrived."""
    due = promise(dora)
    left_behind(due, stage)
    assert not try_again(settle(due, Outcome.FAILED))


def test_one_whose_useful_time_is_over_stays_failed(dora: Person) -> None:
    due = settle(promise(dora), Outcome.FAILED)
    assert not try_again(due, now=due.useful_until)
    assert try_again(due, now=due.useful_until - MINUTE)


def test_two_operators_put_it_back_once(dora: Person) -> None:
    due = settle(promise(dora), Outcome.FAILED)
    assert try_again(due)
    assert not try_again(due)


def test_one_that_nobody_wants_any_more_is_dropped_and_not_sent(
    dora: Person, sink: Sink, plan: Plan
) -> None:
    due = refused(dora, sink)
    plan.wanted = lambda _reminder: False
    assert try_again(due)
    tick()
    assert (outcome(due), sink.arrived) == ("dropped", [])


def test_whoever_made_the_last_attempt_may_write_nothing_any_more(dora: Person) -> None:
    due = settle(promise(dora), Outcome.FAILED)
    before = due.fence
    try_again(due)
    assert due.fence == before + 1


def test_attempts_are_counted_anew(dora: Person) -> None:
    due = promise(dora)
    now = database_now()
    for attempt in range(1, ATTEMPTS + 1):
        Delivery.objects.create(
            reminder=due,
            channel="email",
            attempt=attempt,
            stage=Stage.FAILED,
            fence=0,
            began_at=now - MINUTE,
        )
    due = settle(due, Outcome.FAILED)
    assert (due.tries(Channel.EMAIL), due.tries(Channel.PUSH)) == (ATTEMPTS, 0)
    try_again(due, now=now)
    assert due.tries(Channel.EMAIL) == 0
    made = {"channel": "email", "attempt": 9, "fence": 1, "began_at": now}
    Delivery.objects.create(reminder=due, **made)
    assert Reminder.objects.get(pk=due.pk).tries(Channel.EMAIL) == 1


def test_one_that_failed_as_often_as_allowed_is_tried_as_often_again(
    dora: Person, sink: Sink
) -> None:
    due = promise(dora, useful=24 * 60 * MINUTE)
    sink.to_message = "450 not now"
    for _round in range(2):
        for _attempt in range(ATTEMPTS):
            assert outcome(due) == ""
            tick()
            lease_over(due)
        assert outcome(due) == "failed"
        try_again(Reminder.objects.get(pk=due.pk))
    assert stages(due) == ["failed"] * 2 * ATTEMPTS
