"""The live line between two phones: while it is up, while Redis is down, and when either ends."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from config.servers.programs import free_port
from couples.live import publisher as live
from couples.models import Partner
from tests.browser import repairing
from tests.browser.conftest import Visits
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.couples.delivery.redis_server import RedisServer
from tests.couples.delivery.sink import Sink
from tests.factories import mark
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.django_db(transaction=True)]

ASKS_WITHIN = 70
"""Seconds: without the line a page asks every 30 s, at times 45; a busy machine adds some."""

AT_ONCE = 15
"""Seconds within which the live line has told the other phone, well before the next asking."""


@dataclass
class Line:
    """A site with a Redis of its own, which can be stopped, and two people at their phones."""

    site: Site
    redis: RedisServer
    first: Visitor
    second: Visitor
    places: tuple[Partner, Partner]


@pytest.fixture
def heartbeat(request: pytest.FixtureRequest) -> str:
    """Seconds between two heartbeats; without Redis pages ask every other one. As it is, 15."""
    return str(getattr(request, "param", settings.LIVE_HEARTBEAT))


@pytest.fixture
def own_site(
    heartbeat: str,
    sink: tuple[Sink, int],
    tmp_path_factory: pytest.TempPathFactory,
    transactional_db: None,
    chromium: Browser,
) -> Iterator[tuple[Site, RedisServer]]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "these tests need redis-server or valkey-server on the PATH"
    redis = RedisServer(program, free_port(), tmp_path_factory.mktemp("redis"))
    redis.start()
    site = Site(tmp_path_factory.mktemp("site"), sink[1])
    site.environment |= {"REDIS_URL": redis.url, "LIVE_HEARTBEAT": heartbeat}
    try:
        site.start()
        yield site, redis
    finally:
        site.stop()
        redis.stop()


@pytest.fixture
def line(
    own_site: tuple[Site, RedisServer], chromium: Browser, ana: Partner, ben: Partner
) -> Iterator[Line]:
    site, redis = own_site
    visits = Visits(chromium, site)
    try:
        yield Line(site, redis, visits(ana), visits(ben), (ana, ben))
    finally:
        for visitor in visits.visitors:
            visitor.context.close()
    faults = [fault for visitor in visits.visitors for fault in visitor.unexpected]
    assert not faults, "\n".join(faults)


def asks(phone: Visitor) -> list[str]:
    """Return a list that grows with each question that this phone's page asks by itself."""
    asked: list[str] = []
    phone.page.on(
        "request",
        lambda request: asked.append(request.url) if "hx-request" in request.headers else None,
    )
    return asked


def told(phone: Visitor) -> int:
    """Return how often the live line has told this page of a change."""
    return int(phone.page.evaluate("window.line.changes"))


HALF = "The half of Ana is there; yours is open."
BOTH = "Both of you did this today."


def test_a_mark_on_one_phone_is_on_the_other_at_once(line: Line) -> None:
    for phone in (line.first, line.second):
        phone.open("/")
    line.second.page.evaluate("window.never_reloaded = true")
    line.first.tap("I said hi")
    sign = line.second.page.get_by_role("img", name=HALF, exact=True).first
    expect(sign).to_be_visible(timeout=AT_ONCE * 1000)
    assert told(line.second) > 0
    assert line.second.page.evaluate("window.never_reloaded") is True


def test_without_redis_a_mark_is_on_the_other_phone_when_it_asks(line: Line) -> None:
    for phone in (line.first, line.second):
        phone.open("/")
    line.second.page.evaluate("window.never_reloaded = true")
    asked = asks(line.second)
    line.redis.stop()
    line.first.tap("I said hi")
    line.first.sees_sign("Your half is there; the half of Ben is open.")
    sign = line.second.page.get_by_role("img", name=HALF, exact=True).first
    expect(sign).to_be_visible(timeout=ASKS_WITHIN * 1000)
    assert told(line.second) == 0
    assert asked
    assert line.second.page.evaluate("window.never_reloaded") is True

    # Redis is back: the next one is told again.
    line.redis.start()
    channel = live.channel(line.places[0].person_id)
    eventually(lambda: channel in line.redis.listeners(), within=20, what="the line is up again")
    line.second.tap("I said hi")
    line.first.sees_sign(BOTH)
    line.first.has("it was told of it", lambda: told(line.first) > 0)


@pytest.mark.parametrize("heartbeat", ["2"], indirect=True)
def test_words_stay_while_the_page_asks_by_itself(line: Line) -> None:
    line.redis.stop()
    phone = line.second
    phone.open(f"/repairs/{repairing.at_hurt(*line.places).pk}/")
    asked = asks(phone)
    words = phone.field("What hurt me")
    words.press_sequentially("I felt left")
    already = len(asked)
    phone.has("it has asked twice", lambda: len(asked) > already + 1, within=30)
    expect(words).to_be_focused()
    phone.page.keyboard.type(" alone.")
    expect(words).to_have_value("I felt left alone.")


NOTES_WAITS = """
window.waits = [];
const later = window.setTimeout;
window.setTimeout = (step, wait, ...rest) => {
  if (wait >= 1000 && wait < 15000) window.waits.push(wait);
  return later(step, wait, ...rest);
};
"""


def test_when_the_server_starts_anew_pages_come_back_each_in_its_time_and_catch_up(
    line: Line,
) -> None:
    for phone in (line.first, line.second):
        phone.excuse("ERR_", "status of 503", "htmx:sendError")
        phone.excuse("htmx:afterRequest", "htmx:timeout")
        phone.page.add_init_script(NOTES_WAITS)
        phone.open("/")
        phone.page.evaluate("window.never_reloaded = true")
        phone.page.evaluate("window.waits = []")  # what other scripts waited for as it opened
    line.site.stop()
    mark(by=line.places[0])
    for phone in (line.first, line.second):
        phone.has("it waits for its next try", partial(phone.page.evaluate, "waits.length"))
        phone.page.evaluate("window.line.open = false")
    line.site.start()
    # A start can last longer than three tries; from then on a page tries every 30 s.
    sign = line.second.page.get_by_role("img", name=HALF, exact=True).first
    expect(sign).to_be_visible(timeout=ASKS_WITHIN * 1000)
    waits = [phone.page.evaluate("waits[0]") for phone in (line.first, line.second)]
    assert all(1000 <= each <= 3000 for each in waits)
    assert waits[0] != waits[1]
    assert line.second.page.evaluate("window.never_reloaded") is True
    # And the line is the one that tells of what comes next, each page's in its own time.
    line.second.hears(ASKS_WITHIN)
    line.first.hears(ASKS_WITHIN)
    line.second.tap("I said hi")
    line.first.sees_sign(BOTH)
    line.first.has("it was told of it", lambda: told(line.first) > 0)


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_in_the_background_holds_no_stream_and_catches_up(line: Line) -> None:
    phone = line.second
    opened: list[str] = []
    phone.page.on("request", lambda r: opened.append(r.url) if r.url.endswith("/live/") else None)
    phone.open("/")
    channel = live.channel(line.places[1].person_id)
    assert channel in line.redis.listeners()
    phone.page.evaluate(HIDE, True)
    eventually(lambda: channel not in line.redis.listeners(), within=20, what="nobody listens")
    mark(by=line.places[0])
    phone.page.evaluate(HIDE, False)
    phone.sees_sign(HALF)
    assert channel in line.redis.listeners()
    # One for the page, and one more for its coming back; none for each part drawn anew.
    assert len(opened) == 2


def test_who_signs_out_in_another_tab_is_signed_out_here(line: Line) -> None:
    phone = line.second
    phone.open("/")
    channel = live.channel(line.places[1].person_id)
    assert channel in line.redis.listeners()
    other = phone.context.new_page()
    other.goto(line.site.url + "/accounts/logout/")
    other.locator("main form button").first.click()
    eventually(lambda: channel not in line.redis.listeners(), within=20, what="the stream ends")
    phone.sees_heading("Say hi first.")  # the page of whoever is not signed in


@pytest.mark.parametrize("heartbeat", ["2"], indirect=True)
def test_who_was_left_is_shown_nothing_more_of_the_other(line: Line) -> None:
    phone = line.second
    phone.open("/us/")
    channel = live.channel(line.places[1].person_id)
    line.places[0].couple.end()
    eventually(lambda: channel not in line.redis.listeners(), within=20, what="the stream ends")
    expect(phone.page).to_have_url(re.compile("/start/"))
    phone.hears()
    phone.finds_nothing_of("Ana is", "Ana and", ">Ana<")  # some towns begin like her
