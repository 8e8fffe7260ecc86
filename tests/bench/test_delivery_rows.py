"""The rows about delivery and the live line run, at a size at which their figures mean nothing."""

from __future__ import annotations

import pytest
from django.db import connection

from bench import drain, due_scan, live_delay, live_memory, many
from bench.live_delay import _first_after
from bench.phones import sign_in
from bench.ratio import Row
from bench.sink import Counted
from couples.clock import database_now
from couples.models import Person, Reminder

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


def measured(rows: list[Row]) -> dict[str, Row]:
    """The rows by name, each with a figure that lies within its range."""
    for row in rows:
        assert row.low <= row.ratio <= row.high
        assert any(word in str(row).split() for word in ("ok", "short"))
    return {row.name: row for row in rows}


@pytest.fixture
def alone() -> None:
    """Nobody else asks this database: it is copied, and a site of other tests may be connected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.usefixtures("alone")
def test_claims_among_many_couples_and_among_few_are_measured() -> None:
    rows = measured(due_scan.measure(many_couples=100, few_couples=50, rounds=1))
    assert rows["due_scan"].ratio > 0


def test_what_is_due_is_all_that_is_due() -> None:
    noon = many.Noon()
    many.couples(10, noon, rituals=True)
    many.reminders(10, noon, overdue=7)
    assert Reminder.objects.standing().count() == 20
    assert Reminder.objects.standing().filter(due_at__lte=database_now()).count() == 7


def test_workers_drain_a_backlog_beside_a_client_that_has_nothing_else_to_do() -> None:
    rows = measured(drain.measure(due=200, rounds=1))
    assert {row.at_most for row in rows.values()} == {False}
    assert rows["drain"].ratio > 0
    assert rows["drain 2 workers"].ratio > 0


def test_memory_and_threads_of_a_stream_are_measured() -> None:
    rows = measured(live_memory.measure(streams=120, few=20, threads_at=70, rounds=1))
    assert rows["live_memory"].ratio > 0
    assert rows["live_memory threads a stream"].target == 0


def test_the_way_from_one_phone_to_the_other_is_measured() -> None:
    (row,) = measured(live_delay.measure(streams=20, taps=20)).values()
    assert row.low > 0
    assert str(row).split()[-3:-1] == ["100", "ms"]


def test_an_event_that_never_came_is_no_figure() -> None:
    assert _first_after(10.0, [9.0, 10.5, 11.0]) == 500
    with pytest.raises(SystemExit, match="lost"):
        _first_after(10.0, [9.0])


def test_a_rate_counts_the_gaps_between_the_mails() -> None:
    assert Counted(mails=3, senders=1, first=10.0, last=11.0).a_second == 2


def test_every_session_is_a_persons_own() -> None:
    many.couples(2, many.Noon())
    assert len(set(sign_in(list(Person.objects.all())))) == 4
