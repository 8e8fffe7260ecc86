"""Taps in the same instant: one mark a person, one circle, and the circle is right."""

from __future__ import annotations

import uuid

import pytest

from couples.clock import database_now
from couples.days import DAY, week_of
from couples.models import Partner
from rituals.models import (
    Approach,
    CoupleWeek,
    GoodDay,
    Mark,
    MeetingWord,
    Moment,
    RestRange,
    RestRefused,
    Ritual,
    RitualRefused,
    RitualSchedule,
    add_ritual,
    choose_weekdays,
    end_ritual,
)
from tests.at_once import at_once, refused
from tests.factories import fresh, greeting_of, keep_ritual, make_couple, make_person, mark

pytestmark = pytest.mark.django_db(transaction=True)

Two = tuple[Partner, Partner]


@pytest.fixture
def two() -> Two:
    return make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))


@pytest.mark.parametrize("_again", range(3))
def test_both_say_hi_at_once_and_the_circle_closes(two: Two, _again: int) -> None:
    results = at_once(*(lambda who=who: mark(by=fresh(who)) for who in two))
    assert not refused(results)
    assert Moment.objects.get().closed
    assert CoupleWeek.objects.get().connected_days == 1


def test_a_double_tap_is_one_mark(two: Two) -> None:
    ana = two[0]
    key, day = uuid.uuid4(), ana.couple.today(database_now())
    results = at_once(
        *(
            lambda: Mark.make(by=fresh(ana), ritual=greeting_of(ana), day=day, client_key=key)
            for _tap in range(3)
        )
    )
    assert not refused(results)
    assert Mark.objects.count() == 1


def test_two_phones_of_one_person_make_one_mark(two: Two) -> None:
    results = at_once(*(lambda: mark(by=fresh(two[0])) for _phone in range(2)))
    assert not refused(results)
    assert Mark.objects.count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_one_takes_back_while_the_other_marks_and_the_circle_stays_open(
    two: Two, _again: int
) -> None:
    made = mark(by=two[0])
    mine = Mark.objects.select_related("moment__ritual", "moment__couple").get(pk=made.pk)
    results = at_once(
        lambda: mine.take_back(by=fresh(two[0])),
        lambda: mark(by=fresh(two[1])),
    )
    assert not refused(results)
    assert not Moment.objects.get().closed


def test_a_mark_taken_back_from_an_old_page_opens_the_circle(two: Two) -> None:
    made = mark(by=two[0])
    old = Mark.objects.select_related("moment__ritual", "moment__couple").get(pk=made.pk)
    mark(by=two[1])
    old.take_back(by=fresh(two[0]))
    assert not Moment.objects.get().closed


def test_the_same_news_told_twice_at_once_is_told_once(two: Two) -> None:
    results = at_once(
        *(lambda: Approach.tell(by=fresh(two[0]), kind="on_my_way") for _tap in range(2))
    )
    assert sorted(map(str, results)) == ["False", "True"]
    assert Approach.objects.count() == 1


def test_both_enter_the_same_rest_at_once_and_there_is_one(two: Two) -> None:
    today = two[0].couple.today(database_now())
    results = at_once(
        *(
            lambda who=who: RestRange.enter(by=fresh(who), first=today, last=today + 3 * DAY)
            for who in two
        )
    )
    assert all(isinstance(each, RestRefused) for each in refused(results))
    assert RestRange.objects.count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_a_rest_entered_while_both_mark_counts_the_week_right(two: Two, _again: int) -> None:
    today = two[0].couple.today(database_now())
    results = at_once(
        *(lambda who=who: mark(by=fresh(who)) for who in two),
        lambda: RestRange.enter(by=fresh(two[0]), first=today, last=today),
    )
    assert not refused(results)
    assert [week.connected_days for week in CoupleWeek.objects.all()] in ([], [0])


def test_both_add_the_same_ritual_at_once_and_there_is_one(two: Two) -> None:
    results = at_once(
        *(lambda who=who: add_ritual(by=fresh(who), kind="morning", weekdays=127) for who in two)
    )
    assert not refused(results)
    assert Ritual.objects.filter(kind="morning").count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_days_chosen_while_the_other_lets_the_ritual_go(two: Two, _again: int) -> None:
    own = keep_ritual(*two, name="Tea")
    today = two[0].couple.today(database_now())
    results = at_once(
        lambda: choose_weekdays(own, by=fresh(two[0]), weekdays=1, start=today),
        lambda: end_ritual(Ritual.objects.get(pk=own.pk), by=fresh(two[1])),
    )
    assert all(isinstance(each, RitualRefused) for each in refused(results))
    latest = RitualSchedule.objects.filter(ritual=own).order_by("-valid_from").first()
    assert latest is not None
    assert latest.weekdays == 0


def test_two_phones_say_when_we_meet_again_and_one_word_stands(two: Two) -> None:
    words = ("At six", "At seven")
    results = at_once(
        *(lambda said=said: MeetingWord.say(by=fresh(two[0]), words=said) for said in words)
    )
    assert not refused(results)
    assert MeetingWord.objects.get(partner=two[0]).words in words


def test_two_phones_answer_a_good_day_and_both_are_told_the_same(two: Two) -> None:
    week = week_of(two[0].couple.today(database_now()))
    results = at_once(
        *(
            lambda words=words: GoodDay.answer(
                by=fresh(two[0]), week=week, outcome="kept", words=words
            )
            for words in ("The walk", "The tea")
        )
    )
    assert not refused(results)
    stands = GoodDay.objects.get()
    assert {each.pk for each in results if isinstance(each, GoodDay)} == {stands.pk}
