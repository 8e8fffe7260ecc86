"""Hi first: what waits stays folded until I have said hi, and can be opened all the same."""

from __future__ import annotations

from couples.models import Partner
from rituals.models import choose_weekdays
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of, mark, put_ask, rest

FOLDED = "Say hi first."


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
