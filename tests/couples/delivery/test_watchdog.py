"""A worker that takes no work is told of, once, and so is that it works again."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.delivery import watchdog
from couples.delivery.claim import claim
from couples.delivery.tasks import tick
from couples.delivery.watchdog import LATE_AFTER, SILENT_AFTER, Look, look, sign
from couples.models import Person, Reminder, Watch
from tests.couples.delivery.promises import MINUTE, lease_over, promise
from tests.couples.delivery.sink import Sink

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def grown(now: datetime | None = None) -> Look:
    """Look as a process that has been there for long."""
    return look(now=now, is_young=False)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what has been logged, in order."""
    return [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)]


def silent_for(how_long: timedelta) -> datetime:
    """Leave a sign, and return the instant that long after it."""
    now = database_now()
    sign(now=now)
    return now + how_long


def test_the_watch_begins_with_the_first_look() -> None:
    assert not grown().is_silent
    assert not grown().is_silent
    assert Watch.objects.count() == 1


def test_silence_is_told_when_it_begins_and_when_it_ends_and_never_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = silent_for(SILENT_AFTER)
    assert not grown(now).is_silent
    assert [grown(now + SECOND).is_silent for _look in range(3)] == [True] * 3
    assert told(caplog) == ["worker silent"]
    for _sign in range(2):
        sign(now=now + 2 * SECOND)
    assert not grown(now + 3 * SECOND).is_silent
    assert told(caplog) == ["worker silent", "worker takes work again"]


def test_of_two_processes_that_notice_at_once_one_tells(caplog: pytest.LogCaptureFixture) -> None:
    found = watchdog._find(silent_for(SILENT_AFTER + SECOND))
    assert found is not None
    for _process in range(2):
        watchdog._tell(*found)
    assert told(caplog) == ["worker silent"]


def test_a_process_that_has_just_begun_raises_no_alarm(caplog: pytest.LogCaptureFixture) -> None:
    """After a night with all of it off, the worker needs a moment like everybody else."""
    now = silent_for(8 * 60 * MINUTE)
    seen = look(now=now, is_young=True)
    assert seen.lines() == ["worker not seen yet", "reminders on time"]
    assert told(caplog) == []


def test_this_process_is_young_until_it_has_lived_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = silent_for(SILENT_AFTER + SECOND)
    monkeypatch.setattr(watchdog, "BORN", time.monotonic())
    assert not look(now=now).is_silent
    lived = SILENT_AFTER.total_seconds() + 1
    monkeypatch.setattr(watchdog, "BORN", time.monotonic() - lived)
    assert look(now=now).is_silent


def test_a_tick_leaves_a_sign_before_its_work_and_after_it(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs: list[str] = []
    monkeypatch.setattr(watchdog, "sign", lambda: signs.append("sign"))
    monkeypatch.setattr("couples.delivery.claim.tick", lambda: signs.append("work"))
    tick()
    assert signs == ["sign", "work", "sign"]


def test_a_tick_is_a_sign(sink: Sink) -> None:
    Watch.objects.create(seen_at=database_now() - 2 * SILENT_AFTER)
    assert grown().is_silent
    tick()
    assert not grown().is_silent


def test_lag_is_how_long_the_longest_waiting_promise_could_have_been_taken(dora: Person) -> None:
    due = promise(dora, due=-10 * MINUTE)
    assert grown().lag < MINUTE  # it was made a moment ago
    Reminder.objects.update(created_at=database_now() - 20 * MINUTE)
    assert 10 * MINUTE <= grown().lag < 11 * MINUTE
    claim(now=database_now())
    assert not grown().lag
    lease_over(due)
    assert MINUTE <= grown().lag < 2 * MINUTE  # and not since it fell due: it has been held


def test_one_that_was_let_go_a_moment_ago_hides_no_other_that_lies_about(dora: Person) -> None:
    put_off, lies = promise(dora, due=-20 * MINUTE), promise(dora, due=-10 * MINUTE)
    now = database_now()
    Reminder.objects.update(created_at=now - 30 * MINUTE)
    Reminder.objects.filter(pk=put_off.pk).update(lease_until=now)
    assert lies.due_at < now
    assert 10 * MINUTE <= grown().lag < 11 * MINUTE


def test_a_broken_sweep_holds_up_no_other(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    swept: list[str] = []

    def broken() -> None:
        raise ValueError

    sweeps = [broken, lambda: swept.append("next")]
    monkeypatch.setattr("couples.delivery.tasks.registered", lambda _name: sweeps)
    tick()
    assert swept == ["next"]
    assert any("not swept" in record.getMessage() for record in caplog.records)


def test_what_is_not_due_or_is_settled_is_not_late(dora: Person) -> None:
    promise(dora, due=MINUTE)
    gone = promise(dora)
    Reminder.drop(now=database_now(), kind=gone.kind, subject=gone.subject)
    assert not grown().lag


def test_lateness_is_told_when_it_begins_and_when_it_ends(
    dora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    now = silent_for(timedelta(0))
    promise(dora)
    late = now + LATE_AFTER + MINUTE
    sign(now=late)
    assert [grown(late).is_late for _look in range(2)] == [True, True]
    Reminder.objects.all().delete()
    assert [grown(late).is_late for _look in range(2)] == [False, False]
    assert told(caplog) == ["reminders late", "reminders on time again"]


# --- /readyz ---------------------------------------------------------------------------------


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has been there for long."""
    monkeypatch.setattr(watchdog, "BORN", time.monotonic() - 1e6)


def ready(client: Client, question: str = "") -> tuple[int, list[str]]:
    answer = client.get(f"/readyz{question}")
    return answer.status_code, answer.content.decode().splitlines()


def test_ready_says_how_each_part_is(client: Client, lived: None) -> None:
    fine = ["database ok", "worker ok", "reminders on time"]
    assert ready(client) == ready(client, "?worker") == (200, fine)


def test_a_silent_worker_takes_no_page_out_of_rotation(client: Client, lived: None) -> None:
    Watch.objects.create(seen_at=database_now() - timedelta(seconds=312))
    (status, lines), (asked, _lines) = ready(client), ready(client, "?worker")
    assert (status, asked) == (200, 503)
    assert re.match(r"worker silent for 31\d s", lines[1])


def test_a_monitor_hears_of_late_reminders_too(client: Client, lived: None, dora: Person) -> None:
    promise(dora, due=-10 * MINUTE)
    Reminder.objects.update(created_at=database_now() - 20 * MINUTE)
    assert ready(client, "?worker") == (
        503,
        ["database ok", "worker ok", "reminders late by 10 min"],
    )


def test_what_is_due_just_now_shows_to_nobody(client: Client, lived: None, dora: Person) -> None:
    """One of the two could ask every second for when the other is reminded."""
    before = ready(client)
    promise(dora)
    assert ready(client) == before


def test_a_look_costs_one_query(
    client: Client, lived: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ready(client)
    with django_assert_num_queries(1):
        ready(client)


def test_without_its_database_it_is_not_ready(client: Client) -> None:
    with CaptureQueriesContext(connection), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE couples_watch RENAME TO gone")
        assert ready(client) == (503, ["no database"])
