"""Days of a couple and clock times of a person."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couples.days import (
    DAY,
    clock_in_day,
    couple_day,
    has_date,
    instant,
    months_later,
    week_of,
)
from couples.zones import zones

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
    assert due.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3)


def test_a_time_that_exists_twice_goes_at_the_first() -> None:
    due = instant(date(2026, 10, 25), time(2, 30), zone="Europe/Berlin")
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_no_time_of_a_gap_comes_after_the_end_of_it() -> None:
    at = [time(1, 59), time(2), time(2, 1), time(2, 59, 59), time(3), time(3, 1)]
    due = [instant(date(2026, 3, 29), each, zone="Europe/Berlin") for each in at]
    end = datetime(2026, 3, 29, 1, tzinfo=UTC)
    minute = timedelta(minutes=1)
    assert due == [end - minute, end, end, end, end, end + minute]


def test_a_date_that_no_clock_showed_is_none() -> None:
    days = [date(2011, 12, each) for each in (29, 30, 31)]
    assert [has_date("Pacific/Apia", day) for day in days] == [True, False, True]
    # An hour left out at midnight leaves the date.
    assert has_date("America/Sao_Paulo", date(2018, 11, 4))


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("America/New_York", 10), ("Australia/Sydney", 10), ("Pacific/Pago_Pago", 10)],
)
def test_a_clock_time_within_the_couples_day_is_within_it_wherever_the_clock_is(
    zone: str, shown: int
) -> None:
    day = date(2026, 7, 10)
    begins, ends = (instant(each, FOUR, zone="America/New_York") for each in (day, day + DAY))
    due = clock_in_day(day, time(shown), zone=zone, begins=begins)
    assert begins <= due < ends
    assert due.astimezone(ZoneInfo(zone)).time() == time(shown)


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2026, 11, 29)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("zone", "day_start", "night"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25)),
        ("America/New_York", time(1, 30), date(2026, 11, 1)),
    ],
)
def test_a_day_that_begins_in_the_hour_that_comes_twice_begins_once(
    zone: str, day_start: time, night: date
) -> None:
    begins = instant(night, day_start, zone=zone)
    before, after = (begins + timedelta(minutes=each) for each in (-1, 0))
    assert couple_day(before, zone=zone, day_start=day_start) == night - DAY
    # The clock shows an earlier time once more; the day goes on.
    for minutes in range(120):
        now = after + timedelta(minutes=minutes)
        assert couple_day(now, zone=zone, day_start=day_start) == night


def test_a_day_that_begins_in_the_hour_that_is_left_out_begins_after_it() -> None:
    zone, half_past_two = "Europe/Berlin", time(2, 30)
    begins = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 3:00 there
    before = begins - timedelta(minutes=1)
    assert couple_day(before, zone=zone, day_start=half_past_two) == date(2026, 3, 28)
    assert couple_day(begins, zone=zone, day_start=half_past_two) == date(2026, 3, 29)


YEARS = range(2009, 2037)
"""Among them Samoa's without a 30 December, and Newfoundland's that went back past midnight."""


def changes() -> list[tuple[str, datetime]]:
    """Return the clock changes of these years: one of each kind, whichever zone had it first."""
    found: dict[tuple[time, timedelta], tuple[str, datetime]] = {}
    for zone in zones():
        clock, quarter = ZoneInfo(zone), timedelta(days=91)
        now, end = datetime(YEARS.start, 1, 1, tzinfo=UTC), datetime(YEARS.stop, 1, 1, tzinfo=UTC)
        while now < end:
            early, late = now.astimezone(clock).utcoffset(), now + quarter
            if (late.astimezone(clock).utcoffset()) != early:
                change = _bisected(now, late, clock)
                at = change.astimezone(clock)
                shift = (at.utcoffset() or timedelta()) - (early or timedelta())
                shown = (change + (early or timedelta())).time()
                found.setdefault((shown, shift), (zone, change))
            now = late
    return list(found.values())


def _bisected(early: datetime, late: datetime, clock: ZoneInfo) -> datetime:
    offset = early.astimezone(clock).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) // 2 // timedelta(minutes=1) * timedelta(minutes=1)
        if middle.astimezone(clock).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late


def test_days_never_run_backwards_around_any_change_of_any_clock() -> None:
    kinds = changes()
    assert len(kinds) > 20
    minute = timedelta(minutes=1)
    for zone, change in kinds:
        shown = change.astimezone(ZoneInfo(zone))
        starts = {(shown + timedelta(minutes=each)).time() for each in (-61, -30, 0, 29, 61)}
        for day_start in starts | {time(0), FOUR}:
            last = date.min
            for minutes in range(-150, 150):
                now = change + minutes * minute
                day = couple_day(now, zone=zone, day_start=day_start)
                assert day >= last, f"{zone} at {now}, from {day_start}"
                assert instant(day, day_start, zone=zone) <= now
                assert now < instant(day + DAY, day_start, zone=zone)
                last = day


@given(INSTANTS, st.integers(1, 30 * 60), st.sampled_from(zones()), st.times())
def test_days_never_run_backwards(now: datetime, minutes: int, zone: str, day_start: time) -> None:
    today = couple_day(now, zone=zone, day_start=day_start)
    later = couple_day(now + timedelta(minutes=minutes), zone=zone, day_start=day_start)
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


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_there_is(
    day: date, months: int, later: date
) -> None:
    assert months_later(day, months) == later


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_later_counts_months_and_never_skips_one(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)
