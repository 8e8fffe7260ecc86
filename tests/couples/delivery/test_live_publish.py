"""Telling the phones: to the right two people, after the commit, and never in the way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import time as clock_time
from itertools import pairwise

import pytest
import redis
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from couples.clock import database_now
from couples.live import publisher as live
from couples.live.publisher import Line, channel, digest, end
from couples.models import Couple, Partner, Person
from repairs.models import Repair
from rituals.models import ReminderTime
from tests.couples.delivery.redis_server import RedisServer, SilentServer
from tests.factories import greeting_of, put_ask, write_manual
from tests.waiting import eventually

LineTo = Callable[[str], Line]

NOBODY = "redis://127.0.0.1:1/0"
AT_MOST = 0.2 + 0.1  # seconds: what is promised, and what a busy machine adds


class Heard:
    """A line that keeps what is said instead of sending it."""

    def __init__(self) -> None:
        self.said: list[dict[str, dict[str, list[str]]]] = []

    def say(self, events: dict[str, dict[str, list[str]]]) -> None:
        self.said.append(events)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What would have gone to Redis."""
    heard = Heard()
    monkeypatch.setattr(live, "line", lambda: heard)
    return heard


def test_both_partners_are_told_and_nobody_else(
    couple: tuple[Partner, Partner],
    others: tuple[Partner, Partner],
    heard: Heard,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        couple[0].couple.publish("today", "repair")
    news = {"changed": ["repair", "today"]}
    assert heard.said == [{channel(partner.person_id): news for partner in couple}]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_before_the_commit_or_after_a_rollback(
    couple: tuple[Partner, Partner], heard: Heard
) -> None:
    with transaction.atomic():
        couple[0].couple.publish("today")
        assert heard.said == []
    assert len(heard.said) == 1
    with transaction.atomic():
        couple[0].couple.publish("today")
        transaction.set_rollback(True)
    assert len(heard.said) == 1


def test_what_somebody_does_for_themselves_alone_is_told_to_nobody(
    couple: tuple[Partner, Partner],
    heard: Heard,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Settings, opening, reading, private entries: not even that something happened."""
    ana, ben = couple
    ask = put_ask(by=ana)
    with django_capture_on_commit_callbacks(execute=True):
        ReminderTime.keep(ritual=greeting_of(ana), by=ana, at=clock_time(18))
        ana.keep_clock("Asia/Tokyo", now=database_now())
        ana.person.call_me("Anna")
        write_manual(by=ana, text="my own")
        Repair.draft(by=ana, door="i_was_hurt", happened="not sent", how_much=2)
        ask.mute(by=ben)
        ask.read(by=ana)
    assert heard.said == []


@pytest.mark.parametrize("name", ["", "Today", "I am sorry", "today\ndata: x", "x" * 80])
def test_what_is_no_name_of_a_page_part_is_refused(dora: Person, name: str, heard: Heard) -> None:
    partner = Couple.start(by=dora, day_zone="UTC")
    with pytest.raises(ValueError, match="page part"):
        partner.couple.publish(name)


@pytest.mark.parametrize("way_out", ["delete", "flush", "cycle_key"])
def test_a_session_that_is_gone_closes_its_streams_without_naming_its_key(
    dora: Person,
    heard: Heard,
    way_out: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(dora.pk)
    session.save()
    key = session.session_key
    assert key is not None
    with django_capture_on_commit_callbacks(execute=True):
        getattr(session, way_out)()
    assert heard.said == [{channel(dora.pk): {"ended": [digest(key)]}}]
    assert key not in json.dumps(heard.said)


def test_a_session_of_nobody_ends_in_silence(
    db: None,
    heard: Heard,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    session = SessionStore()
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        session.flush()
    assert heard.said == []


# --- When Redis is gone ----------------------------------------------------------------------


@pytest.fixture
def line_to() -> Iterator[LineTo]:
    """Lines to different servers, none of which tries on after the test."""
    lines: list[Line] = []

    def make(url: str) -> Line:
        lines.append(Line(url))
        return lines[-1]

    yield make
    for line in lines:
        line.forget()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    """A Redis that hangs."""
    server = SilentServer()
    try:
        yield server
    finally:
        server.stop()


def seconds_each(line: Line, times: int = 3) -> list[float]:
    """Say something a few times; return how long each took."""
    moments = [time.perf_counter()]
    for _ in range(times):
        line.say({"hifirst:live:x": {"changed": ["today"]}})
        moments.append(time.perf_counter())
    return [after - before for before, after in pairwise(moments)]


def test_a_redis_that_is_gone_holds_up_nobody(line_to: LineTo) -> None:
    assert max(seconds_each(line_to(NOBODY))) < AT_MOST


def test_a_redis_that_hangs_holds_up_one_for_200_ms_and_the_others_not_at_all(
    silent: SilentServer, line_to: LineTo
) -> None:
    first, *others = seconds_each(line_to(silent.url))
    assert first < AT_MOST
    assert max(others) < first / 2


def test_a_publish_without_redis_does_not_fail(
    couple: tuple[Partner, Partner],
    line_to: LineTo,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(live, "line", lambda: line_to(NOBODY))
    with django_capture_on_commit_callbacks(execute=True):
        couple[0].couple.publish("today")
        end(couple[0].person_id, "key")


def test_what_could_not_be_told_is_told_once_redis_is_back(
    own_redis: RedisServer, line_to: LineTo
) -> None:
    own_redis.stop()
    line = line_to(own_redis.url)
    for name in ("today", "us", "today"):
        line.say({"hifirst:live:x": {"changed": [name]}})
    own_redis.start()
    with redis.Redis.from_url(own_redis.url) as client, client.pubsub() as listener:
        listener.subscribe("hifirst:live:x")
        news = eventually(
            lambda: listener.get_message(ignore_subscribe_messages=True),
            within=10,
            what="the owed event arrives",
        )
    assert json.loads(news["data"]) == {"changed": ["today", "us"]}


def test_a_redis_that_is_full_tells_once(own_redis: RedisServer, line_to: LineTo) -> None:
    line = line_to(own_redis.url)
    with redis.Redis.from_url(own_redis.url) as client, client.pubsub() as listener:
        listener.subscribe("hifirst:live:x")
        client.config_set("maxmemory", 1)
        for name in ("today", "us"):
            line.say({"hifirst:live:x": {"changed": [name]}})
        line.say({"hifirst:live:x": {"changed": ["last"]}})
        heard: list[str] = []
        while "last" not in heard:
            news = eventually(
                lambda: listener.get_message(ignore_subscribe_messages=True),
                within=10,
                what="what was said arrives",
            )
            heard += json.loads(news["data"])["changed"]
    assert heard == ["today", "us", "last"]  # each by itself: nothing was owed
