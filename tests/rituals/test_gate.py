"""Hi first: what waits stays folded until I have said hi, and can be opened all the same."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from couples.models import Partner
from rituals.asks.flow import Kind
from rituals.models import choose_weekdays
from rituals.topics.flow import Kind as TopicKind
from rituals.waiting import SHOWN
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of, mark, put_ask, raise_topic, rest, say
from tests.rituals.meetings import plain

FOLDED = "Say hi first."
SAID = (Kind.RATHER_NOT, Kind.TALK_FIRST)
OF_BOTH = ("/", "/asks/", "/us/", "/our-time/")


def page(client: Client, url: str) -> str:
    """Return a page without its keys and one-time tokens."""
    return plain(client.get(url).content.decode())


def test_what_waits_is_folded_until_i_have_said_hi(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    for what in ("May we have guests?", "A new sofa?"):
        put_ask(by=ben, what=what)
    client = client_of(ana)
    page = client.get("/").content.decode()
    assert "2 things are waiting." in page
    assert FOLDED in page
    assert "Open anyway" in page
    assert "May we have guests?" in page
    mark(by=ben)
    assert FOLDED in client.get("/").content.decode()
    mark(by=ana)
    page = client.get("/").content.decode()
    assert FOLDED not in page
    assert "May we have guests?" in page


def test_an_answer_waits_until_it_was_read_and_an_offer_until_it_has_a_word(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    mine = client_of(ana)
    kinds = {kind: put_ask(by=ana, what=f"Asked: {kind}") for kind in (*SAID, Kind.FINE_IF)}
    for kind, ask in kinds.items():
        say(ask, by=ben, kind=kind, words="On Friday")
    assert "3 things are waiting." in mine.get("/").content.decode()
    others = [page(client_of(ben), url) for url in OF_BOTH]
    for ask in kinds.values():
        mine.get(f"/asks/{ask.pk}/")
    assert "One thing is waiting." in mine.get("/").content.decode()
    assert "Asked: fine_if" in mine.get("/").content.decode()
    assert [page(client_of(ben), url) for url in OF_BOTH] == others  # no receipt
    say(kinds[Kind.RATHER_NOT], by=ben, kind=Kind.TALK_FIRST)  # said anew, so it waits anew
    assert "2 things are waiting." in mine.get("/").content.decode()


def test_the_asker_reads_and_nobody_else_does(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ask = put_ask(by=ana)
    say(ask, by=ben, kind=Kind.RATHER_NOT)
    client_of(ben).get(f"/asks/{ask.pk}/")
    assert "One thing is waiting." in client_of(ana).get("/").content.decode()
    say(ask, by=ana, kind=Kind.COUNTER, words="Friday?")
    assert FOLDED not in client_of(ana).get("/").content.decode()


@pytest.mark.usefixtures("much_at_once")
def test_the_number_is_right_where_more_waits_than_is_shown(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    for _number in range(SHOWN + 3):
        say(put_ask(by=ana, what="A sofa?"), by=ben, kind=Kind.RATHER_NOT)
    for _number in range(SHOWN + 1):
        concern = raise_topic(by=ben, about="concern", words="The bins")
        concern.act(TopicKind.HEARD, by=ana, client_key=uuid.uuid4())
        concern.act(TopicKind.MAY_I, by=ben, client_key=uuid.uuid4(), words="my sister")
    page = client_of(ana).get("/").content.decode()
    assert f"{2 * SHOWN + 4} things are waiting." in page
    assert "3 more in what you ask each other" in page
    assert "1 more to talk about" in page
    assert (page.count("A sofa?"), page.count("The bins")) == (SHOWN, SHOWN)


def test_nothing_is_said_where_nothing_waits(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    put_ask(by=ana, what="Mine alone")
    assert FOLDED not in client_of(ana).get("/").content.decode()


def test_on_a_day_without_a_greeting_or_at_rest_nothing_is_held_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    put_ask(by=ben, what="A new sofa?")
    resting = rest(by=ana, ahead=0)
    assert FOLDED not in client_of(ana).get("/").content.decode()
    resting.end(by=ana)
    assert FOLDED in client_of(ana).get("/").content.decode()
    today = fresh(ana).couple.today(ana.joined_at)
    others = 0b1111111 & ~(1 << today.weekday())
    choose_weekdays(greeting_of(ana), by=ana, weekdays=others, start=today)
    page = client_of(ana).get("/").content.decode()
    assert "A new sofa?" in page
    assert FOLDED not in page
