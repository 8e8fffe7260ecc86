"""An invitation says to whoever opens it as whom they are here, and offers what they can do."""

from __future__ import annotations

import pytest
from django.test import Client

from couples.models import Couple, Invitation, Partner, Person
from tests.conftest import ClientOf
from tests.factories import fresh, make_person
from tests.therapists.factories import invite, make_therapist

pytestmark = pytest.mark.django_db

ACCEPTS, SIGNS_OUT = ">Accept<", "Sign out and come back here"


@pytest.fixture
def eve() -> Partner:
    """Somebody who has started a couple and invites the other."""
    return fresh(Couple.start(by=make_person(name="Evelina"), day_zone="UTC"))


@pytest.fixture
def link(eve: Partner) -> str:
    return f"/join/{Invitation.make(by=eve).token}/"


def opened(client: Client, link: str) -> str:
    page = client.get(link)
    assert page.status_code == 200
    return page.content.decode()


def test_who_can_accept_reads_as_whom(link: str, cleo: Person, client_of: ClientOf) -> None:
    alone = fresh(Couple.start(by=make_person(name="Ari"), day_zone="UTC"))
    for who in (cleo, alone.person):
        page = opened(client_of(who), link)
        assert ACCEPTS in page
        assert SIGNS_OUT in page
        assert who.email in page
        assert str(who.name) in page


@pytest.mark.parametrize("role", ["inviter", "paired", "therapist"])
def test_who_cannot_accept_finds_no_accept(
    link: str, eve: Partner, ana: Partner, client_of: ClientOf, role: str
) -> None:
    lin = make_therapist(name="Dr. Lin").person
    person = {"inviter": eve.person, "paired": ana.person, "therapist": lin}[role]
    client = client_of(person)
    page = opened(client, link)
    assert ACCEPTS not in page
    assert SIGNS_OUT in page
    assert person.email in page
    before = Partner.objects.live().count()
    assert client.post(link).status_code == 409
    assert Partner.objects.live().count() == before


@pytest.mark.parametrize("role", ["paired", "therapist"])
def test_who_cannot_accept_is_not_told_who_invites(
    link: str, ana: Partner, client_of: ClientOf, role: str
) -> None:
    who = ana.person if role == "paired" else make_therapist(name="Dr. Lin").person
    assert "Evelina" not in opened(client_of(who), link)


def test_signing_out_comes_back_to_the_invitation(
    link: str, cleo: Person, client_of: ClientOf
) -> None:
    client = client_of(cleo)
    assert f'name="next" value="{link}"' in opened(client, link)
    back = client.post("/accounts/logout/", {"next": link})
    assert back["Location"] == link
    page = opened(client, link)
    assert "Evelina" in page
    assert cleo.email not in page


def test_both_members_come_through_to_today_ever_after(
    link: str, eve: Partner, cleo: Person, client_of: ClientOf
) -> None:
    client = client_of(cleo)
    client.post(link)
    for who in (cleo, eve.person):
        for _time in range(2):
            assert client_of(who).get(link)["Location"] == "/"
            assert client_of(who).post(link)["Location"] == "/"


def test_once_used_it_says_nothing_more_to_others(
    link: str, cleo: Person, ana: Partner, client: Client, client_of: ClientOf
) -> None:
    client_of(cleo).post(link)
    for each in (client, client_of(ana), client_of(make_person(name="Late"))):
        page = each.get(link)
        assert page.status_code == 404
        assert "Evelina" not in page.content.decode()
        assert "Cleo" not in page.content.decode()


def test_taken_back_it_leads_nobody_to_today(link: str, eve: Partner, client_of: ClientOf) -> None:
    client_of(eve).post("/invitation/taking-back/")
    assert client_of(eve).get(link).status_code == 404


def test_a_link_that_is_on_its_way_survives_the_button_of_an_older_page(
    link: str, eve: Partner, client_of: ClientOf
) -> None:
    client_of(eve).post("/invitation/")
    assert Invitation.objects.count() == 1
    assert client_of(make_person(name="Late")).get(link).status_code == 200


def test_a_therapists_link_says_as_whom_it_is_opened(ana: Partner, client_of: ClientOf) -> None:
    sent = invite(make_therapist(name="Dr. Lin"))
    page = opened(client_of(ana), f"/us/therapist/invitation/{sent.token}/")
    assert SIGNS_OUT in page
    assert ana.person.email in page
