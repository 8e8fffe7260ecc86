"""The live line as a phone sees it: the real server, a real Redis, a real database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import redis
from django.conf import settings
from pytest_django import DjangoDbBlocker

from config.servers.programs import free_port
from couples.live import publisher as live
from couples.live.hub import THREADS
from couples.live.publisher import Line
from couples.live.stream import STREAMS_EACH
from couples.models import Partner, Person
from tests.couples.delivery.redis_server import RedisServer
from tests.couples.delivery.served import SOON, Phone, Served
from tests.couples.delivery.test_live_admission import CHANGES, Change, signed_in
from tests.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

Pages = Callable[[Partner | Person], Phone]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """The Redis between the tests and the server."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "these tests need redis-server or valkey-server on the PATH"
    server = RedisServer(program, free_port(), tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(
    broker: RedisServer, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Served]:
    """The live application in a process of its own."""
    served = Served("live", redis_url=broker.url)
    yield served
    served.stop()


@pytest.fixture(autouse=True)
def our_line(broker: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Publish through the same Redis."""
    line = Line(broker.url)
    monkeypatch.setattr(live, "line", lambda: line)
    yield line
    line.forget()


@pytest.fixture
def opens(server: Served, broker: RedisServer) -> Iterator[Pages]:
    """Open pages that are closed with the test; that the two have just joined is long ago."""
    with redis.Redis.from_url(broker.url) as said_before:
        said_before.flushdb()
    with ExitStack() as stack:

        def page(who: Partner | Person) -> Phone:
            person = who.person if isinstance(who, Partner) else who
            return stack.enter_context(Phone(server, signed_in(person)))

        yield page


def test_a_stream_is_private_and_says_hello_first(ana: Partner, opens: Pages) -> None:
    phone = opens(ana)
    assert phone.response.status == 200
    assert phone.response.headers.get_content_type() == "text/event-stream"
    assert phone.response.headers["Cache-Control"] == "no-store"
    assert phone.response.headers["X-Accel-Buffering"] == "no"
    phone.hears("hello", "hello")
    assert phone.told[0] == ("hello", "hello")


def test_a_change_reaches_both_partners_and_no_other_couple(
    couple: tuple[Partner, Partner], others: tuple[Partner, Partner], opens: Pages
) -> None:
    phones, kims = [opens(partner) for partner in couple], opens(others[0])
    couple[0].couple.publish("today", "repair")
    for phone in phones:
        phone.hears("changed", "today")
        phone.hears("changed", "repair")
    others[0].couple.publish("us")
    kims.hears("changed", "us")
    assert kims.told == [("hello", "hello"), ("changed", "us")]


def test_what_was_said_just_before_a_page_listened_is_not_missed(
    ana: Partner, ben: Partner, others: tuple[Partner, Partner], opens: Pages
) -> None:
    ana.couple.publish("today")
    opens(ben).hears("resync", "resync")
    quiet = opens(others[0])
    quiet.hears("hello", "hello")
    assert ("resync", "resync") not in quiet.told


def test_strangers_are_told_not_to_come_back(cleo: Person, server: Served, opens: Pages) -> None:
    assert opens(cleo).response.status == 204
    assert server.status("/live/") == 204
    for key in ("", "'; drop table", "x" * 5000, "a\\000b"):
        cookie = f'{settings.SESSION_COOKIE_NAME}="{key}"'
        assert server.status("/live/", headers={"Cookie": cookie}) == 204


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (403, "GET", "/live/", {"Sec-Fetch-Site": "cross-site"}),
        (403, "GET", "/live/", {"Sec-Fetch-Site": "same-site"}),
        (403, "GET", "/live/", {"Origin": "https://elsewhere.example"}),
        (403, "GET", "/live/", {"Origin": "null"}),
        (400, "GET", "/live/", {"Host": "elsewhere.example"}),
        (405, "POST", "/live/", {}),
        (404, "GET", "/live/x", {}),
    ],
)
def test_what_is_no_request_of_our_own_page_is_refused(
    server: Served, status: int, method: str, path: str, headers: dict[str, str]
) -> None:
    assert server.status(path, method=method, headers=headers) == status


@pytest.mark.parametrize("change", CHANGES)
def test_who_loses_the_right_loses_the_stream_within_a_heartbeat(
    couple: tuple[Partner, Partner], others: tuple[Partner, Partner], server: Served, change: Change
) -> None:
    key = signed_in(couple[0].person)
    with Phone(server, key) as phone, Phone(server, signed_in(others[0].person)) as kims:
        change(couple[0], key)
        phone.ends()
        eventually(lambda: kims.comments > 1, within=10, what="others stay")
        assert not kims.ended


def test_another_session_of_the_same_person_stays(ana: Partner, server: Served) -> None:
    one, two = signed_in(ana.person), signed_in(ana.person)
    with Phone(server, one) as first, Phone(server, two) as second:
        CHANGES[3](ana, one)
        first.ends()
        ana.couple.publish("today")
        second.hears("changed", "today")


def test_a_person_holds_so_many_streams_and_no_more(ana: Partner, opens: Pages) -> None:
    phones = [opens(ana) for _ in range(STREAMS_EACH + 1)]
    eventually(
        lambda: sum(phone.ended for phone in phones) == 1, within=10, what="one of them ends"
    )
    assert not phones[-1].ended


def test_streams_cost_no_thread_and_no_connection_each(
    couple: tuple[Partner, Partner], server: Served, broker: RedisServer, opens: Pages
) -> None:
    before = [opens(partner) for partner in couple for _ in range(3)]
    threads = server.threads()
    more = [opens(partner) for partner in couple for _ in range(6)]
    assert {phone.response.status for phone in before + more} == {200}
    # The few that ask the database start when they are first needed.
    assert server.threads() <= threads + THREADS < threads + len(more)
    with redis.Redis.from_url(broker.url) as client:
        assert len(client.client_list(_type="pubsub")) == 1


def test_who_is_gone_is_no_longer_listened_for(
    ana: Partner, server: Served, broker: RedisServer
) -> None:
    mine = live.channel(ana.person_id)
    with Phone(server, signed_in(ana.person)):
        assert mine in broker.listeners()
    eventually(lambda: mine not in broker.listeners(), within=10, what="nobody listens")


# --- Redis comes and goes --------------------------------------------------------------------


def test_after_a_gap_the_page_is_told_to_ask_for_everything(
    ana: Partner, broker: RedisServer, opens: Pages
) -> None:
    phone = opens(ana)
    broker.stop()
    ana.couple.publish("today")
    broker.start()
    phone.hears("resync", "resync")
    phone.hears("changed", "today")


def test_without_redis_streams_open_and_ask_by_themselves(
    ana: Partner, broker: RedisServer, opens: Pages
) -> None:
    broker.stop()
    try:
        phone = opens(ana)
        assert phone.response.status == 200
        phone.hears("resync", "resync")
    finally:
        broker.start()


def test_once_redis_is_back_the_page_is_told_again_and_asks_no_more(
    ana: Partner, broker: RedisServer, opens: Pages
) -> None:
    phone = opens(ana)
    broker.stop()
    phone.hears("resync", "resync")
    broker.start()
    mine = live.channel(ana.person_id)
    eventually(lambda: mine in broker.listeners(), within=SOON, what="the subscription is back")
    # The last of the asking: that of the gap itself may still be on its way.
    beats = phone.comments
    eventually(lambda: phone.comments >= beats + 3, within=SOON, what="three heartbeats")
    asked, beats = phone.told.count(("resync", "resync")), phone.comments
    eventually(lambda: phone.comments >= beats + 5, within=SOON, what="five more")
    assert phone.told.count(("resync", "resync")) == asked
    ana.couple.publish("today")
    phone.hears("changed", "today")


# --- The end ---------------------------------------------------------------------------------


def test_a_server_asked_to_stop_ends_its_streams_and_itself(
    ana: Partner, broker: RedisServer
) -> None:
    server = Served("live", redis_url=broker.url)
    with Phone(server, signed_in(ana.person)) as phone:
        phone.hears("hello", "hello")
        assert server.stop() == 0
        phone.ends()
