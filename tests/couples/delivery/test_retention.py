"""Settled promises go after five weeks; what stands, and what a verb promises again, stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from couples.clock import database_now
from couples.delivery import retention
from couples.delivery.models.reminder import Outcome, Stage
from couples.delivery.retention import KEPT, sweep
from couples.models import Delivery, Person, Reminder
from tests.at_once import somebody_waits
from tests.couples.delivery.promises import MINUTE, left_behind, promise
from tests.waiting import eventually


def settle(reminder: Reminder, *, ago: timedelta) -> Reminder:
    at = database_now() - ago
    Reminder.objects.filter(pk=reminder.pk).update(settled_at=at, outcome=Outcome.SENT)
    return reminder


def test_what_was_settled_long_ago_goes_with_its_attempts(dora: Person) -> None:
    old, new, stands = (promise(dora, due=-2 * KEPT) for _each in range(3))
    for each in (old, new):
        left_behind(each, Stage.SENT)
    settle(old, ago=KEPT + MINUTE)
    settle(new, ago=KEPT - MINUTE)
    sweep()
    assert set(Reminder.objects.all()) == {new, stands}
    assert [each.reminder for each in Delivery.objects.all()] == [new]


def test_one_tick_deletes_so_many_and_the_next_goes_on(
    dora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _each in range(3):
        settle(promise(dora), ago=2 * KEPT)
    sweep()
    assert Reminder.objects.count() == 1
    sweep()
    assert Reminder.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_promises_it_again_meanwhile_loses_nothing(dora: Person) -> None:
    old = settle(promise(dora), ago=2 * KEPT)
    Reminder.objects.update(outcome=Outcome.DROPPED)
    due = database_now() + MINUTE

    def again() -> None:
        try:
            Reminder.promise(
                person=dora,
                couple=None,
                kind=old.kind,
                subject=old.subject,
                occasion=old.occasion,
                due_at=due,
                useful_until=due + MINUTE,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            sweep()
            promising = pool.submit(again)
            eventually(somebody_waits, within=10, what="the verb waits for the sweep")
        promising.result()
    assert Reminder.objects.standing().get().due_at == due


def test_the_index_finds_what_is_over(dora: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        over = Reminder.objects.filter(settled_at__lte=database_now()).order_by("settled_at")
        assert "reminder_settled" in over.explain()
