"""Whoever moves, or changes a time or the weekdays, is told once of every date and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from couples.zones import zones
from tests.properties.by_the_wall import EVERY_DAY, PACE, Life, Step
from tests.properties.lives import FAR_APART, FIRST, YEARS, live, live_by
from tests.properties.wall_clock import changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("much_at_once")]

HOUR = timedelta(hours=1) // PACE
DAYS = timedelta(days=1) // PACE

TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 11).map(lambda n: n * 5))
ZONES = st.one_of(st.sampled_from(FAR_APART), st.sampled_from(zones()))
WAITS = st.integers(1, 2 * DAYS)
STEPS = st.one_of(
    st.builds(Step, WAITS, zone=ZONES),
    st.builds(Step, WAITS, at=TIMES),
    st.builds(Step, WAITS, zone=ZONES, at=TIMES),
    st.builds(Step, WAITS, never=st.just(True)),
    st.builds(Step, WAITS, weekdays=st.integers(1, EVERY_DAY)),
    st.builds(Step, WAITS, silence=st.integers(1, 2 * DAYS)),
)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Lives that begin where clocks are about to change, or anywhere."""
    zone = draw(ZONES)
    since = FIRST + timedelta(days=draw(st.integers(0, YEARS)))
    since = next(changes(zone, since, since + timedelta(days=366)), since)
    since -= PACE * draw(st.integers(1, 2 * DAYS))
    return Life(since, zone, draw(TIMES), tuple(draw(st.lists(STEPS, max_size=6))))


def at_noon(zone: str, at: time, *steps: Step) -> Life:
    return Life(datetime(2027, 7, 1, 12, tzinfo=UTC), zone, at, steps)


EVENING = time(18, 30)
OVER_THE_DATE_LINE = at_noon(  # 1 July, one in the morning, and the day before at the same time
    "Pacific/Apia",
    time(6),
    Step(6 * HOUR, zone="Pacific/Pago_Pago"),
    Step(26 * HOUR, zone="Pacific/Apia"),
)
PASSED_BY = at_noon("America/New_York", EVENING, Step(HOUR * 9, zone="Europe/Berlin"))
NOBODY_THERE = at_noon("UTC", EVENING, Step(HOUR, silence=DAYS + 7 * HOUR + HOUR // 2))
CHANGED_AFTER = at_noon("UTC", EVENING, Step(8 * HOUR, at=time(22)), Step(HOUR, at=time(23)))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(lives())
@example(OVER_THE_DATE_LINE)
@example(PASSED_BY)
@example(NOBODY_THERE)
@example(CHANGED_AFTER)
def test_one_a_date_at_the_right_instant_whatever_is_changed(life: Life) -> None:
    compared = live(life)
    assert compared.sent == compared.right
    assert not compared.doubled


@pytest.mark.parametrize("seed", range(5))
def test_lives_by_a_seed_are_the_same_each_time(seed: int) -> None:
    compared = live_by(seed)
    assert (compared.lost, compared.doubled) == ([], [])
    assert compared == live_by(seed)


def dates(life: Life) -> list[int]:
    return [day.day for day, _now in live(life).sent]


def test_a_date_lived_twice_is_told_of_once() -> None:
    assert dates(OVER_THE_DATE_LINE) == [2, 3, 4, 5, 6]


def test_a_time_that_a_move_passes_by_is_told_of_on_arrival() -> None:
    # 17:00 in New York is 23:00 in Berlin: too late for 18:30. At 11:00 it is 17:00 and to come.
    assert dates(PASSED_BY) == [2, 3, 4]
    early = at_noon("America/New_York", EVENING, Step(HOUR * 6, zone="Europe/Berlin"))
    sent = live(early).sent
    assert [day.day for day, _now in sent] == [1, 2, 3, 4]
    assert sent[0][1] == datetime(2027, 7, 1, 18, tzinfo=UTC)


def test_who_was_not_told_of_yesterday_is_told_of_today() -> None:
    assert dates(NOBODY_THERE) == [2, 3, 4, 5]


def test_a_time_changed_after_it_was_told_tells_nothing_again() -> None:
    assert dates(CHANGED_AFTER) == [1, 2, 3]
