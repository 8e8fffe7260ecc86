"""Today: what a couple opens most days for a few seconds."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.models import Couple, Partner, Person
from rituals.models import Approach, Mark, MeetingWord, RitualSchedule
from tests.conftest import ClientOf
from tests.factories import (
    agree,
    days_before,
    fresh,
    greeting_of,
    mark,
    put_ask,
    raise_topic,
    rest,
    share_repair,
    write_manual,
)

HTMX = {"HX-Request": "true"}


def tap(client: Client, who: Partner, **changes: str) -> str:
    """Post a greeting as the page would, and return the board that comes back."""
    day = who.couple.today(database_now()).isoformat()
    posted = {"day": day, "client_key": str(uuid.uuid4()), **changes}
    url = f"/rituals/{greeting_of(who).pk}/marks/"
    return client.post(url, posted, headers=HTMX).content.decode()


def test_saying_hi_is_one_tap_and_the_others_half_is_shown(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    board = tap(client_of(ana), ana)
    assert "Your half is there; the half of Ben is open." in board
    assert "One tap closes the circle." in client_of(ben).get("/").content.decode()


def test_both_close_the_circle(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    tap(client_of(ana), ana)
    assert "Both of you did this today." in tap(client_of(ben), ben)


def test_without_a_script_the_tap_leads_back_to_today(ana: Partner, client_of: ClientOf) -> None:
    day = ana.couple.today(database_now()).isoformat()
    url = f"/rituals/{greeting_of(ana).pk}/marks/"
    answer = client_of(ana).post(url, {"day": day, "client_key": str(uuid.uuid4())})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_refused_tap_says_why(ana: Partner, client_of: ClientOf) -> None:
    ahead = ana.couple.today(database_now()) + timedelta(days=1)
    assert "That day has not begun yet." in tap(client_of(ana), ana, day=ahead.isoformat())
    assert "tap once more" in tap(client_of(ana), ana, day="yesterday-ish")


def test_the_past_shows_no_halves(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    began = days_before(ana, 5)
    ana.couple.partners.update(joined_at=began)
    RitualSchedule.objects.update(valid_from=ana.couple.today(began))
    day = ana.couple.today(database_now())
    mark(by=ben, day=day - timedelta(days=2))
    client = client_of(fresh(ana))
    # A strip without a single circle has nothing to show yet, and counts nothing against anybody.
    assert "You connected" not in client.get("/").content.decode()
    for each in (ana, ben):
        mark(by=each, day=day - timedelta(days=3))
    page = client.get("/").content.decode()
    assert "You connected on 1 of the last 5 days." in page
    assert "half-filled" not in page


def test_today_counts_once_it_is_connected_and_never_against(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    assert "You connected" not in client_of(ana).get("/").content.decode()
    mark(by=ana)
    mark(by=ben)
    assert "You connected today." in client_of(ana).get("/").content.decode()


def test_today_asks_at_most_twelve_queries_however_much_there_is(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    mark(by=ana)
    mark(by=ben)
    agree(ana, ben, wording="We come first.", area="purpose")
    Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY)
    write_manual(by=ben, text="Ten quiet minutes", question="home", sharing="partner")
    share_repair(by=ben)
    put_ask(by=ben, what="A new sofa?")
    raise_topic(by=ben)
    MeetingWord.say(by=ben, words="Home by seven")
    rest(by=ana, ahead=0)
    client = client_of(ana)
    with django_assert_max_num_queries(12):
        page = client.get("/").content.decode()
    for shown in ("We come first.", "Ben is on the way", "Ten quiet minutes", "A new sofa?"):
        assert shown in page


def test_waiting_for_the_other_one_can_already_practise(cleo: Person, client_of: ClientOf) -> None:
    place = fresh(Couple.start(by=cleo, day_zone="Europe/Berlin"))
    client = client_of(cleo)
    assert "Invite your partner" in client.get("/").content.decode()
    tap(client, place)
    assert Mark.objects.get().partner == place
