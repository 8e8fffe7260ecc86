"""Day one: what comes after the name, and how it can be left and gone on with."""

from __future__ import annotations

import pytest
from django.test import Client

from couples.clock import database_now
from couples.first_steps import STEPS, next_step
from couples.models import Couple, Invitation, Partner, Person
from tests.conftest import ClientOf
from tests.factories import fresh, make_person

pytestmark = pytest.mark.django_db

NAMED = {"name": "Ida", "day_zone": "Europe/Berlin"}


@pytest.fixture
def ida() -> Person:
    """Somebody who has just signed up."""
    return Person.objects.create_user("ida@example.com")


def lands_on(client: Client, path: str = "/") -> str:
    """Follow every redirect and return the path of the page that is drawn."""
    return str(client.get(path, follow=True).request["PATH_INFO"])


def test_the_starter_goes_from_the_name_to_today(ida: Person, client_of: ClientOf) -> None:
    client = client_of(ida)
    assert lands_on(client) == "/start/"
    went = [
        client.post(path, said, follow=True).request["PATH_INFO"]
        for path, said in (("/start/", NAMED), ("/start/mailbox/", {}), ("/start/example/", {}))
    ]
    assert went == ["/start/mailbox/", "/start/example/", "/"]


def test_the_invited_one_goes_the_same_way(ana: Partner, ida: Person, client_of: ClientOf) -> None:
    alone = Couple.start(by=make_person(name="Noa"), day_zone="UTC")
    link = f"/join/{Invitation.make(by=fresh(alone)).token}/"
    client = client_of(ida)
    joined = client.post(link, {"name": "Ida", "time_zone": "Europe/Berlin"}, follow=True)
    assert joined.request["PATH_INFO"] == "/start/mailbox/"
    assert b"Noa" not in joined.content.split(b"<main")[1]


def test_somebody_who_left_in_between_goes_on_from_there(ida: Person, client_of: ClientOf) -> None:
    client_of(ida).post("/start/", NAMED)
    another_phone = client_of(ida)
    assert lands_on(another_phone) == "/start/mailbox/"
    another_phone.post("/start/mailbox/")
    assert lands_on(client_of(ida)) == "/start/example/"


def test_no_other_page_waits_for_the_first_steps(ida: Person, client_of: ClientOf) -> None:
    client = client_of(ida)
    client.post("/start/", NAMED)
    for path in ("/me/", "/us/", "/repairs/", "/safety/"):
        assert lands_on(client, path) == path


def test_what_was_answered_is_sent_nowhere(ida: Person, client_of: ClientOf) -> None:
    """Every way on from the question is the same post: with nothing in it, to one address."""
    client = client_of(ida)
    client.post("/start/", NAMED)
    page = client.get("/start/mailbox/").content.decode().split("<main")[1].split("</main")[0]
    assert page.count("<form") == 1
    assert page.count("<button") == 3
    assert page.count("<input") == 1  # the one-time token
    assert 'name="' not in page.replace('name="csrfmiddlewaretoken"', "")
    assert "An address of your own" in page


def test_only_that_it_was_asked_is_kept(ida: Person, client_of: ClientOf) -> None:
    ida.call_me("Ida")
    Couple.start(by=ida, day_zone="UTC")
    client = client_of(ida)
    client.post("/start/mailbox/", {"answer": "no"})
    ida.refresh_from_db()
    first = ida.mailbox_asked_at
    client.post("/start/mailbox/", {"answer": "yes"})
    ida.refresh_from_db()
    assert ida.mailbox_asked_at == first
    assert next_step(ida) == "start_example"


def test_the_steps_can_be_looked_at_again(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    assert "Who reads my mailbox?" in client.get("/me/").content.decode()
    assert "ana@example.com" in client.get("/start/mailbox/").content.decode()
    assert client.post("/start/mailbox/").headers["Location"] == "/"


def test_a_couple_that_begins_anew_is_not_asked_again(ana: Partner) -> None:
    ana.couple.end()
    again = Couple.start(by=ana.person, day_zone="UTC")
    assert next_step(fresh(again).person) is None


def test_every_step_is_a_page_and_a_fact(client: Client) -> None:
    somebody = Person()
    for page, taken in STEPS.items():
        assert next_step(somebody) == page
        setattr(somebody, taken, database_now())
    assert next_step(somebody) is None
