"""Days of a couple and clock times of a person."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couples.days import DAY, couple_day, instant, week_of, zones

FOUR = time(4)
INSTANTS = st.integers(0, 15 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def test_half_past_midnight_belongs_to_the_evening_before() -> None:
    night = datetime(2026, 3, 2, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert couple_day(night, zone="Europe/Berlin", day_start=FOUR) == date(2026, 3, 1)


def test_a_day_can_start_at_eleven_for_shift_work() -> None:
    morning = datetime(2026, 3, 2, 10, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    assert couple_day(morning, zone="Europe/Berlin", day_start=time(11)) == date(2026, 3, 1)


def test_two_people_on_two_sides_of_the_date_line_share_one_day() -> None:
    now = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)  # 23:30 in Samoa's east, next day in its west
    assert couple_day(now, zone="Pacific/Apia", day_start=FOUR) == date(2026, 3, 1)
    assert couple_day(now, zone="Pacific/Pago_Pago", day_start=FOUR) == date(2026, 2, 28)


def test_a_leap_day_is_a_day() -> None:
    noon = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert couple_day(noon, zone="UTC", day_start=FOUR) == date(2028, 2, 29)


def test_a_time_that_does_not_exist_goes_to_the_next_that_does() -> None:
    due = instant(date(2026, 3, 29), time(2, 30), zone="Europe/Berlin")
    assert due.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_a_time_that_exists_twice_goes_at_the_first() -> None:
    due = instant(date(2026, 10, 25), time(2, 30), zone="Europe/Berlin")
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2026, 11, 29)) == date(2026, 11, 23)


@given(
    INSTANTS,
    st.sampled_from(zones()),
    st.times(),
)
def test_days_never_run_backwards(now: datetime, zone: str, day_start: time) -> None:
    today = couple_day(now, zone=zone, day_start=day_start)
    later = couple_day(now + timedelta(hours=30), zone=zone, day_start=day_start)
    assert later >= today


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(zones()),
)
def test_each_date_has_one_instant_and_the_next_date_a_later_one(
    day: date, at: time, zone: str
) -> None:
    # A whole date that a zone skipped (Samoa, 2011) lies outside these years.
    assert instant(day, at, zone=zone) < instant(day + DAY, at, zone=zone)


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/New_York", "Asia/Kathmandu"])
def test_an_instant_shows_the_wished_time_on_that_clock(zone: str) -> None:
    due = instant(date(2026, 1, 15), time(18, 45), zone=zone)
    shown = due.astimezone(ZoneInfo(zone))
    assert (shown.date(), shown.time()) == (date(2026, 1, 15), time(18, 45))
