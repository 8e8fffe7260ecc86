"""A partner who is silent: the app offers practice for one, and stops speaking of them."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.days import DAY
from couples.models import Couple, Invitation, Partner, Person
from rituals.models import MeetingWord
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
)

OF_ONE = "Practice for one"


def today_of(partner: Partner) -> date:
    """Return the couple's present day."""
    return partner.couple.today(database_now())


def silent_for(partner: Partner, days: int) -> None:
    """Let the last act of `partner` lie so many of the couple's days back."""
    long_ago = database_now() - timedelta(days=90)
    last = today_of(partner) - days * DAY
    Partner.objects.filter(pk=partner.pk).update(active_on=last, joined_at=long_ago)


@pytest.mark.parametrize(("days", "for_one"), [(0, False), (13, False), (14, True), (60, True)])
def test_after_fourteen_days_today_is_for_one(
    ana: Partner, ben: Partner, client_of: ClientOf, days: int, for_one: bool
) -> None:
    silent_for(ben, days)
    page = client_of(ana).get("/").content.decode()
    assert (OF_ONE in page) is for_one
    assert ("Ben" in page) is not for_one


def test_the_days_are_those_of_the_couple(ana: Partner, ben: Partner) -> None:
    """Half an hour before the day starts it is still the thirteenth."""
    Partner.objects.filter(pk=ben.pk).update(active_on=date(2026, 3, 1))
    seen = fresh(ana)
    before = database_now().replace(year=2026, month=3, day=15, hour=2, minute=30)  # 03:30 there
    assert not seen.practises_alone(seen.couple.today(before))
    assert seen.practises_alone(seen.couple.today(before + timedelta(hours=1)))


def test_somebody_who_joined_and_did_nothing_is_silent_too(ana: Partner, ben: Partner) -> None:
    began = days_before(ben, 14)
    Partner.objects.filter(pk=ben.pk).update(joined_at=began, active_on=None)
    assert fresh(ana).practises_alone(today_of(ana))


def test_nothing_on_today_speaks_of_the_other(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    """Whatever the other left behind is where it was, and Today does not bring it up."""
    put_ask(by=ben, what="ASK-a-new-sofa")
    raise_topic(by=ben, words="TOPIC-the-bins")
    MeetingWord.say(by=ben, words="WORD-home-by-seven")
    share_repair(by=ben)
    silent_for(ben, 20)
    page = client_of(ana).get("/").content.decode().split("<main")[1].split("</main>")[0]
    for theirs in ("Ben", "ASK-a", "TOPIC-the", "WORD-home", "come back to something"):
        assert theirs not in page
    said = re.sub(r"<[^>]*>", " ", page)
    for phrase in ("two of you", "circle", "waiting", "On my way", "partner", "connected"):
        assert phrase not in said
    assert "Greet anyway, in your own way." in page
    asked, topics = (client_of(ana).get(path).content.decode() for path in ("/asks/", "/topics/"))
    assert "ASK-a-new-sofa" in asked
    assert "TOPIC-the-bins" in topics


def test_marking_for_oneself_goes_on(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    silent_for(ben, 20)
    posted = {"day": today_of(ana).isoformat(), "client_key": str(uuid.uuid4())}
    url = f"/rituals/{greeting_of(ana).pk}/marks/"
    board = client_of(ana).post(url, posted, headers={"HX-Request": "true"}).content.decode()
    assert "Yours is there." in board
    assert 'aria-label="You did this today."' in board
    assert "half-left" not in board
    assert "Ben" not in board


def test_rest_is_said_for_one(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    rest(by=ana, ahead=0)
    silent_for(ben, 20)
    page = client_of(ana).get("/").content.decode()
    assert "Rest until" in page
    assert "You two" not in page


def test_what_they_agreed_still_stands(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    agree(ana, ben, wording="We come first.", area="purpose")
    silent_for(ben, 20)
    assert "We come first." in client_of(ana).get("/").content.decode()


def test_both_may_be_silent(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    for each in (ana, ben):
        silent_for(each, 30)
    assert OF_ONE in client_of(ana).get("/").content.decode()
    mark(by=ana)
    assert OF_ONE in client_of(ana).get("/").content.decode()
    assert OF_ONE not in client_of(ben).get("/").content.decode()


def test_no_other_page_tells(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    pages = ["/us/", "/repairs/", "/asks/", "/topics/", "/us/principles/", "/rituals/", "/me/"]

    def drawn() -> list[str]:
        return [
            re.sub(r'(value|x-csrftoken)[="\': ]+[\w-]+', "", client.get(path).content.decode())
            for path in pages
        ]

    put_ask(by=ben)
    client = client_of(ana)
    silent_for(ben, 13)
    before = drawn()
    silent_for(ben, 40)
    assert drawn() == before


def test_practice_for_one_asks_no_more_of_the_database(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    silent_for(ben, 20)
    client = client_of(ana)
    with django_assert_max_num_queries(12):
        client.get("/")


# --- The seat across is empty ----------------------------------------------------------------


def alone(cleo: Person, days: int) -> Partner:
    """Return somebody who started a couple so many days ago and is alone in it."""
    place = Couple.start(by=cleo, day_zone="Europe/Berlin")
    Partner.objects.filter(pk=place.pk).update(joined_at=days_before(place, days))
    return fresh(place)


def test_waiting_is_useful(cleo: Person, client_of: ClientOf) -> None:
    alone(cleo, 0)
    page = client_of(cleo).get("/").content.decode()
    assert "Invite your partner" in page
    for path in ("/me/manual/", "/me/practice/", "/topics/new/", "/repairs/new/", "/learn/"):
        assert f'href="{path}"' in page, path


@pytest.mark.parametrize(("days", "for_one"), [(13, False), (14, True)])
def test_after_fourteen_days_nobody_is_urged_to_invite(
    cleo: Person, client_of: ClientOf, days: int, for_one: bool
) -> None:
    alone(cleo, days)
    page = client_of(cleo).get("/").content.decode()
    assert (OF_ONE in page) is for_one
    assert ("Invite your partner" in page) is not for_one


def test_a_link_that_is_open_is_still_there(cleo: Person, client_of: ClientOf) -> None:
    place = alone(cleo, 30)
    assert "Make a link to invite somebody" in client_of(cleo).get("/").content.decode()
    link = Invitation.make(by=place)
    page = client_of(cleo).get("/").content.decode()
    assert link.token in page
    assert OF_ONE in page


def test_both_are_there_again_once_the_link_is_used(
    cleo: Person, ana: Partner, client_of: ClientOf
) -> None:
    place = alone(cleo, 30)
    ana.couple.end()
    Invitation.make(by=place).accept(by=ana.person)
    page = client_of(cleo).get("/").content.decode()
    assert OF_ONE not in page
    assert "Ana" in page
