"""Our time: left open, alone, and what every page of it costs and tells."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.models import Couple, Partner, Person
from rituals.meetings.models.meeting import sweep
from rituals.models import Meeting, MeetingRefused
from tests.conftest import ClientOf
from tests.factories import (
    begin_meeting,
    decide,
    fresh,
    mark,
    put_ask,
    raise_topic,
    settle,
)
from tests.rituals.meetings import PAGE, PAST, begin, end, fill, keep, move, page_of, plain

HTMX = {"HX-Request": "true"}
BENS = "BENS-draft-about-money"


# --- Left open -----------------------------------------------------------------------------------


def test_a_meeting_left_open_is_over_after_a_day(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    keep(client_of(ana), meeting, "Two evenings", at=1)
    now = database_now()
    Meeting.objects.update(moved_at=now - timedelta(hours=23, minutes=59))
    assert "1 of 2" in page_of(client_of(ben))
    yesterday = now - timedelta(hours=24)
    Meeting.objects.update(began_on=ana.couple.today(yesterday), moved_at=yesterday)
    assert "Begin" in page_of(client_of(ben))
    assert "Two evenings" in page_of(client_of(ben), PAST)
    again = begin_meeting(by=ben)
    assert again.pk != meeting.pk
    meeting.refresh_from_db()
    assert meeting.ended_on == ana.couple.today(yesterday)


def test_the_tick_ends_what_was_left_open(ana: Partner) -> None:
    meeting = begin_meeting(by=ana)
    sweep()
    meeting.refresh_from_db()
    assert meeting.ended_on is None
    long_ago = database_now() - timedelta(days=3)
    Meeting.objects.update(began_on=ana.couple.today(long_ago), moved_at=long_ago)
    sweep()
    meeting.refresh_from_db()
    assert meeting.ended_on == ana.couple.today(long_ago)


def test_the_day_after_the_page_begins_anew(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    meeting = begin(client_of(ana))
    end(client_of(ana), meeting)
    assert "Sit down once more" in page_of(client_of(ben))
    before = meeting.began_on - timedelta(days=1)
    Meeting.objects.update(began_on=before, ended_on=before)
    assert "Sit down once more" not in page_of(client_of(ben))


# --- Alone, and every page -----------------------------------------------------------------------


def test_alone_there_is_no_meeting(cleo: Person, client_of: ClientOf) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    with pytest.raises(MeetingRefused, match="not here yet"):
        begin_meeting(by=alone)
    page = page_of(client_of(alone))
    assert "This is for two" in page
    assert "Begin" not in page


def test_us_says_how_much_there_is_and_never_whose(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    card = re.compile(
        r'<section class="card" aria-labelledby="our-time-head">.*?</section>', re.DOTALL
    )
    raise_topic(by=ana)
    put_ask(by=ben)
    mine, theirs = (card.findall(page_of(client_of(each), "/us/")) for each in (ana, ben))
    assert mine == theirs
    assert "2 things to talk about" in mine[0]
    begin(client_of(ana))
    assert "Join in" in page_of(client_of(ben), "/us/")


def test_nothing_tells_who_moved_or_when(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    meeting = begin(client_of(ana))
    move(client_of(ana), meeting)
    keep(client_of(ana), meeting, "Two evenings", at=1)
    pages = [plain(page_of(client_of(each))).split("<main", 1)[1] for each in (ana, ben)]
    # What differs is the name of one's own field, which knows what one has sent, and to whom one
    # would say something kind.
    mine, theirs = (re.sub(r'"decision-[^"]*"|about (Ana|Ben)', "", page) for page in pages)
    assert mine == theirs
    assert not re.search(r"\d\d:\d\d|Ana|Ben", mine)


@pytest.mark.usefixtures("much_at_once")
def test_pages_ask_a_fixed_number_of_queries(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    mark(by=ana)
    for number in range(25):
        then = database_now() - timedelta(days=2 * (number + 1))
        old = begin_meeting(by=ana, now=then)
        Meeting.objects.filter(pk=old.pk).update(ended_on=old.began_on)
        settle_all = raise_topic(by=ana)
        for each in (ana, ben):
            settle(settle_all, by=each)
    fill(ana, ben)
    client = client_of(ana)
    with django_assert_max_num_queries(16):
        page_of(client)
    meeting = begin(client)
    for item in meeting.items.select_related("meeting"):
        for _number in range(4):
            decide(item, by=ben)
    for position in range(7):
        with django_assert_max_num_queries(14):
            page_of(client)
        if position < 6:
            move(client, meeting)
    end(client, meeting)
    with django_assert_max_num_queries(19):
        page_of(client)
    with django_assert_max_num_queries(7):
        assert "?after=" in page_of(client, PAST)


def test_a_part_alone_answers_the_phone_that_asks_again(ana: Partner, client_of: ClientOf) -> None:
    part = client_of(ana).get(PAGE, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div class="stack stack-page" id="our-time"')


def test_a_tap_that_came_broken_says_so(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    client: Client = client_of(ana)
    answer = client.post(f"{PAGE}beginnings/", {"client_key": "x"})
    assert answer.status_code == 422
    meeting = begin(client)
    for posted in ({"to": "sideways", "answers": "0"}, {"to": "next", "answers": "-1"}, {}):
        answer = client.post(f"{PAGE}{meeting.pk}/steps/", posted)
        assert answer.status_code == 422
        assert b"tap once more" in answer.content
