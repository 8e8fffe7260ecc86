"""Which thirds crowd in, before and after what was said is forgotten."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.days import week_of
from couples.models import Partner, Third, ThirdMoment, ThirdWeek
from couples.thirds import weeks as crowding
from couples.thirds.flow import finished_weeks
from couples.thirds.weeks import counted, crowded, sweep
from tests.factories import came_first, crowd_in, name_third

WEEK = timedelta(days=7)


def today_of(partner: Partner) -> date:
    return partner.couple.today(database_now())


def names(partner: Partner, today: date | None = None) -> list[str]:
    return [each.name for each in crowded(partner.couple, today or today_of(partner))]


def test_three_of_the_last_four_weeks_and_in_the_order_of_names(ana: Partner, ben: Partner) -> None:
    work, money = name_third(by=ana), name_third(by=ben, sort="money")
    rare = name_third(by=ana, label="The choir")
    crowd_in(work, by=ben)
    crowd_in(money, by=ana, weeks=4)
    crowd_in(rare, by=ana, weeks=2)
    assert names(ana) == ["Money", "Work"]
    money.let_go(by=ben)
    assert names(ana) == ["Work"]


def test_words_of_both_are_counted_together(ana: Partner, ben: Partner) -> None:
    work = name_third(by=ana)
    crowd_in(work, by=ana)
    assert names(ben) == ["Work"]
    for monday in finished_weeks(today_of(ana), 3):
        came_first(work, by=ben, came="we", day=monday)
    assert names(ben) == ["Work"]
    came_first(work, by=ben, came="we", day=finished_weeks(today_of(ana), 1)[0] + WEEK / 7)
    assert names(ben) == []


def test_the_running_week_changes_nothing_until_it_is_over(ana: Partner, ben: Partner) -> None:
    work = name_third(by=ana)
    crowd_in(work, by=ana, weeks=2)
    running = week_of(today_of(ana))
    came_first(work, by=ben, day=running)
    for day in range(7):
        assert names(ana, running + day * WEEK / 7) == []
    assert names(ana, running + WEEK) == ["Work"]


@pytest.mark.usefixtures("much_at_once")
def test_it_costs_three_queries_however_much_there_is(
    ana: Partner, ben: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        crowd_in(name_third(by=ana, label=f"Number {number}"), by=ben, weeks=8)
    couple, today = ana.couple, today_of(ana)
    with django_assert_num_queries(3):
        assert len(crowded(couple, today)) == 8


# --- Nothing personal stays ----------------------------------------------------------------------

SAID = st.sets(
    st.tuples(
        st.integers(min_value=0, max_value=69), st.sampled_from([0, 1]), st.sampled_from([0, 1])
    ),
    max_size=60,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(we=SAID, this=SAID, back=st.integers(min_value=0, max_value=40))
def test_forgetting_who_said_what_changes_no_week(
    ana: Partner,
    ben: Partner,
    we: set[tuple[int, int, int]],
    this: set[tuple[int, int, int]],
    back: int,
) -> None:
    """`we` and `this`: how many days ago, about which of two thirds, by which of the two."""
    with transaction.atomic():
        now = database_now()
        today = ana.couple.today(now)
        thirds, partners = [name_third(by=ana), name_third(by=ben, sort="money")], [ana, ben]
        plain: dict[tuple[int, date], list[str]] = defaultdict(list)
        for came, said in (("we", we), ("this", this - we)):
            for ago, which, who in said:
                day = today - timedelta(days=ago)
                came_first(thirds[which], by=partners[who], came=came, day=day)
                plain[which, week_of(day)].append(came)
        expected = {
            (thirds[which].pk, week)
            for (which, week), words in plain.items()
            if words.count("this") >= max(1, words.count("we")) and week in weeks_shown(today)
        }
        assert flat(counted(ana.couple, today)) == expected
        sweep(now=now - timedelta(days=back))
        assert flat(counted(ana.couple, today)) == expected
        sweep(now=now)
        assert flat(counted(ana.couple, today)) == expected
        transaction.set_rollback(True)


def weeks_shown(today: date) -> list[date]:
    return finished_weeks(today, crowding.SHOWN)


def flat(found: crowding.Counted) -> set[tuple[object, date]]:
    return {(third, week) for third, weeks in found.items() for week in weeks}


@pytest.fixture
def worked(ana: Partner, ben: Partner) -> Third:
    """Work, which crowded in for three weeks by the word of one."""
    third = name_third(by=ana)
    crowd_in(third, by=ben)
    for monday in finished_weeks(today_of(ana), 8):
        came_first(third, by=ana, came="we", day=monday + WEEK / 7)
        came_first(third, by=ana, came="we", day=monday + 2 * WEEK / 7)
    return third


def later(weeks: int) -> datetime:
    return database_now() + weeks * WEEK


def test_whose_word_it_was_is_gone_once_its_week_is(worked: Third, ben: Partner) -> None:
    came_first(worked, by=ben)
    sweep(now=later(weeks=2))
    assert not ThirdMoment.objects.exists()
    assert {field.name for field in ThirdWeek._meta.get_fields()} == {
        "id",
        "couple",
        "third",
        "week",
    }


def test_words_of_the_running_week_stay(worked: Third, ben: Partner) -> None:
    came_first(worked, by=ben)
    sweep()
    sweep()
    assert ThirdMoment.objects.filter(partner=ben, day=today_of(ben)).exists()


def test_weeks_are_kept_for_as_long_as_they_are_shown(ana: Partner) -> None:
    third = name_third(by=ana)
    crowd_in(third, by=ana)
    sweep(now=later(weeks=2))
    assert ThirdWeek.objects.count() == 3
    sweep(now=later(weeks=14))
    assert not ThirdWeek.objects.exists()


def test_the_tick_costs_two_queries_when_there_is_nothing_to_do(
    ana: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    came_first(name_third(by=ana), by=ana)
    now = database_now()
    with django_assert_num_queries(2):
        sweep(now=now)
