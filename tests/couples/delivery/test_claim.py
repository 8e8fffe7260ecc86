"""Two workers never hold the same promise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from couples.clock import database_now
from couples.delivery.claim import BATCH, LEASE, claim, release, tick
from couples.models import Person, Reminder
from tests.couples.delivery.promises import MINUTE, Plan, lease_over, outcome, promise, stages
from tests.couples.delivery.sink import Sink
from tests.factories import make_person


def claim_elsewhere() -> list[Reminder]:
    """Claim on another connection."""

    def elsewhere() -> list[Reminder]:
        try:
            return claim(now=database_now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(elsewhere).result()


@pytest.mark.django_db(transaction=True)
def test_a_promise_claimed_on_one_connection_is_passed_over_on_another() -> None:
    due = promise(make_person(name="Dora"))
    with transaction.atomic():
        assert claim(now=database_now()) == [due]
        assert claim_elsewhere() == []
    assert claim_elsewhere() == []


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_send_one_mail(sink: Sink) -> None:
    people = [make_person(name=name) for name in ("Dora", "Ben", "Cleo")]
    due = [promise(person) for person in people]
    together = Barrier(4)

    def ticking() -> None:
        try:
            together.wait(timeout=10)
            tick()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for ticked in [pool.submit(ticking) for _ in range(4)]:
            ticked.result()
    assert sorted(mail["To"] for mail in sink.arrived) == sorted(person.email for person in people)
    assert {outcome(each) for each in due} == {"sent"}


def test_what_is_not_due_yet_is_not_claimed(dora: Person) -> None:
    promise(dora, due=MINUTE)
    assert claim(now=database_now()) == []


def test_a_claim_keeps_others_away_until_its_lease_is_over(dora: Person) -> None:
    due = promise(dora)
    now = database_now()
    [first] = claim(now=now)
    assert claim(now=now + LEASE - MINUTE / 60) == []
    [second] = claim(now=now + LEASE)
    assert (first.pk, first.fence, second.fence) == (due.pk, 1, 2)


def test_the_oldest_are_claimed_first(dora: Person) -> None:
    late, later = promise(dora, due=-MINUTE), promise(dora, due=-2 * MINUTE)
    now = database_now()
    assert claim(now=now, limit=1) == [later]
    assert claim(now=now, limit=1) == [late]


def test_a_settled_promise_is_not_claimed(dora: Person) -> None:
    due = promise(dora)
    Reminder.drop(now=database_now(), kind=due.kind, subject=due.subject)
    assert claim(now=database_now()) == []


def test_a_claim_given_back_can_be_claimed_at_once(dora: Person) -> None:
    promise(dora)
    claimed = claim(now=database_now())
    release(claimed)
    assert claim(now=database_now()) == claimed


def test_a_claim_that_was_taken_over_is_not_given_back(dora: Person) -> None:
    due = promise(dora)
    old = claim(now=database_now())
    lease_over(due)
    claim(now=database_now())
    release(old)
    assert claim(now=database_now()) == []


def test_one_tick_goes_through_more_than_one_batch(dora: Person, sink: Sink) -> None:
    due = [promise(dora) for _ in range(BATCH + 3)]
    assert tick() == len(due)
    assert len(sink.arrived) == len(due)
    assert sink.connections == 1


def test_a_tick_with_nothing_due_does_nothing(dora: Person, sink: Sink) -> None:
    promise(dora, due=MINUTE)
    assert tick() == 0
    assert sink.connections == 0


def test_one_broken_promise_does_not_hold_up_the_others(
    dora: Person, sink: Sink, plan: Plan
) -> None:
    broken, whole = promise(dora, due=-2 * MINUTE), promise(dora)

    def wanted(reminder: Reminder) -> bool:
        if reminder == broken:
            raise ZeroDivisionError
        return True

    plan.wanted = wanted
    tick()
    assert (stages(broken), outcome(broken)) == ([], "")
    assert outcome(whole) == "sent"
