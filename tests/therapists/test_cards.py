"""What a therapist's link puts on Today and on Us."""

from __future__ import annotations

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from couples.access import partner as partner_gate
from couples.models import Partner
from tests.conftest import ClientOf
from tests.therapists.factories import make_therapist, open_link
from therapists import cards
from therapists.models import Acceptance, Therapist


def today_cards(partner: Partner) -> list[str]:
    """Return the card templates for Today, which must cost one query at most."""
    request = RequestFactory().get("/")
    request.user = partner.person
    assert partner_gate(request) is None
    with CaptureQueriesContext(connection) as queries:
        found = [card.template for card in cards.today(request)]  # type: ignore[arg-type]
    assert len(queries) <= 1
    return found


def test_today_says_nothing_unless_an_invitation_waits_for_me(ana: Partner, ben: Partner) -> None:
    assert today_cards(ana) == []
    link = open_link(make_therapist(), ana)
    assert today_cards(ana) == today_cards(ben) == ["therapists/today.html"]
    Acceptance.give(link=link, by=ana)
    assert today_cards(ana) == []
    assert today_cards(ben) == ["therapists/today.html"]
    Acceptance.withdraw(link=link, by=ana)
    assert today_cards(ana) == []
    link.end(by=ben)
    assert today_cards(ben) == []


def test_us_says_where_the_link_stands(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    assert b"None linked." in client.get("/us/").content
    link = open_link(make_therapist(), ana)
    assert b"An invitation is here." in client.get("/us/").content
    Acceptance.give(link=link, by=ana)
    assert b"Nothing is shared." in client.get("/us/").content


def test_us_names_what_is_shared(ana: Partner, dr_lin: Therapist, client_of: ClientOf) -> None:
    assert b"Shared: Rhythm, Repairs (that and when)." in client_of(ana).get("/us/").content
