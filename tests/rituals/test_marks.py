"""Marks: one tap by each closes the circle."""

from __future__ import annotations

import uuid
from datetime import timedelta
from unittest.mock import patch

import pytest

from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.models import Approach, CoupleWeek, Mark, MarkRefused, Moment, RitualSchedule
from tests.conftest import ClientOf
from tests.factories import greeting_of, mark


def test_one_mark_leaves_the_circle_open_and_the_second_closes_it(
    ana: Partner, ben: Partner
) -> None:
    mark(by=ana)
    assert not Moment.objects.get().closed
    mark(by=ben)
    assert Moment.objects.get().closed
    assert CoupleWeek.objects.get().connected_days == 1


def test_a_tap_sent_again_changes_nothing(ana: Partner) -> None:
    key, day = uuid.uuid4(), ana.couple.today(database_now())
    for _time in range(3):
        Mark.make(by=ana, ritual=greeting_of(ana), day=day, client_key=key)
    assert Mark.objects.count() == 1


def test_a_second_phone_of_the_same_person_adds_no_second_mark(ana: Partner) -> None:
    first, second = mark(by=ana), mark(by=ana)
    assert first == second


def test_a_mark_can_be_taken_back_and_opens_the_circle(ana: Partner, ben: Partner) -> None:
    mine = mark(by=ana)
    mark(by=ben)
    mine.take_back(by=ana)
    assert not Moment.objects.get().closed
    assert CoupleWeek.objects.get().connected_days == 0


def test_half_of_a_day_past_is_told_to_nobody(ana: Partner, ben: Partner) -> None:
    yesterday = ana.couple.today(database_now()) - timedelta(days=1)
    RitualSchedule.objects.update(valid_from=yesterday)
    with patch.object(Couple, "publish") as publish:
        late = mark(by=ana, day=yesterday)
        late.describe(by=ana, how="apart", line="By phone")
        late.take_back(by=ana)
        assert not publish.called
        mark(by=ana, day=yesterday)
        mark(by=ben, day=yesterday)  # now the day has become one for both
    assert publish.call_count == 1


def test_nobody_takes_back_the_others_mark(ana: Partner, ben: Partner) -> None:
    mark(by=ana).take_back(by=ben)
    assert Mark.objects.standing().count() == 1


@pytest.mark.parametrize("days", [1, 400, -4, -400])
def test_a_day_ahead_or_long_past_is_refused(ana: Partner, days: int) -> None:
    day = ana.couple.today(database_now()) + timedelta(days=days)
    with pytest.raises(MarkRefused):
        mark(by=ana, day=day)


def test_before_the_ritual_was_planned_there_is_nothing_to_mark(ana: Partner) -> None:
    yesterday = ana.couple.today(database_now()) - timedelta(days=1)
    with pytest.raises(MarkRefused):
        mark(by=ana, day=yesterday)


def test_saying_hi_ends_on_my_way(ana: Partner, ben: Partner) -> None:
    assert Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY)
    mark(by=ana)
    assert not Approach.objects.exists()


def test_on_my_way_is_told_once_in_thirty_minutes(ana: Partner) -> None:
    now = database_now()
    assert Approach.tell(by=ana, kind=Approach.Kind.ON_MY_WAY, now=now)
    soon, later = now + timedelta(minutes=29), now + timedelta(minutes=31)
    assert not Approach.tell(by=ana, kind=Approach.Kind.ON_MY_WAY, now=soon)
    assert Approach.tell(by=ana, kind=Approach.Kind.ON_MY_WAY, now=later)


def test_two_kinds_in_turn_are_not_louder_than_one(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    client.post("/rituals/approaches/", {"kind": "on_my_way"})
    told = client.post("/rituals/approaches/", {"kind": "heading_out"}, follow=True)
    page = told.content.decode()
    assert "What you said a moment ago is still there." in page
    assert Approach.objects.get().kind == Approach.Kind.ON_MY_WAY
    later = database_now() + timedelta(minutes=31)
    assert Approach.tell(by=ana, kind=Approach.Kind.HEADING_OUT, now=later)


def test_on_my_way_can_be_taken_back_and_is_on_neither_page_any_more(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers, his = client_of(ana), client_of(ben)
    hers.post("/rituals/approaches/", {"kind": "heading_out"})
    assert "Take that back" in hers.get("/").content.decode()
    page = his.get("/").content.decode()
    assert "Ana is about to head out." in page
    assert "Take that back" not in page
    his.post("/rituals/approaches/taking-back/")  # nobody takes back the other's
    assert "Ana is about to head out." in his.get("/").content.decode()
    hers.post("/rituals/approaches/taking-back/")
    for client in (hers, his):
        page = client.get("/").content.decode()
        assert "head out" not in page
        assert "heading out" not in page.replace("Heading out", "")
        assert "Take that back" not in page
    again = hers.post("/rituals/approaches/", {"kind": "on_my_way"}, follow=True)
    assert "You have taken back what you said." in again.content.decode()


def test_a_greeting_entered_for_yesterday_ends_nothing_of_today(ana: Partner, ben: Partner) -> None:
    now = database_now()
    RitualSchedule.objects.update(valid_from=ana.couple.today(now) - timedelta(days=9))
    Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY, now=now)
    mark(by=ana, day=ana.couple.today(now) - timedelta(days=1))
    assert Approach.objects.exists()


def test_after_three_hours_on_my_way_is_shown_no_more(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY)
    assert b"Ben is on the way" in client_of(ana).get("/").content
    Approach.objects.update(until=database_now() - timedelta(seconds=1))
    assert b"Ben is on the way" not in client_of(ana).get("/").content


def test_a_line_that_comes_too_late_is_shown_back(ana: Partner, client_of: ClientOf) -> None:
    made = mark(by=ana)
    Moment.objects.update(date=made.moment.date - timedelta(days=9))
    typed = {"how": "apart", "line": "By phone, from the train"}
    answer = client_of(ana).post(f"/rituals/marks/{made.pk}/", typed)
    assert answer.status_code == 422
    assert "By phone, from the train" in answer.content.decode()
