"""Days of a couple and clock times of a person, as pure functions.

A couple's day is a date in its day zone that begins at its day start, so that a greeting at half
past midnight belongs to the evening before. A person's clock time on a date becomes an instant:
a time that does not exist is the next that does, which is the end of the gap; one that exists
twice means the first. (RFC 5545 3.3.5 would read 2:30 in a gap from 2:00 to 3:00 as 3:30, which
passes by all that exists from 3:00 on, and puts 2:30 after 3:00.)
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from couples.zones import clock_of

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def couple_day(now: datetime, *, zone: str, day_start: time) -> date:
    """Return the date to which the aware instant `now` belongs for a couple.

    The day of date D runs from the instant of `day_start` on D to that of `day_start` on D + 1.
    Instants are compared, not clock times: in the hour that the autumn shows twice a clock goes
    back, and a day that has begun stays begun.
    """
    day = now.astimezone(clock_of(zone)).date() + DAY
    while instant(day, day_start, zone=zone) > now:
        day -= DAY
    return day


def instant(day: date, at: time, *, zone: str) -> datetime:
    """Return the instant, in UTC, at which a clock in `zone` shows `at` on `day`.

    A time inside a spring gap goes to the next that does exist; a time that the autumn shows twice
    goes at its first showing. On a date that the zone leaves out, all times are the midnight after.
    """
    # fold=0 is the offset before a change, fold=1 that after it: only in a gap the latter is more.
    clock = clock_of(zone)
    local = datetime.combine(day, at, tzinfo=clock).replace(fold=0)
    early, late = local.replace(fold=1).astimezone(UTC), local.astimezone(UTC)
    return late if early >= late else _change_between(early, late, clock)


def has_date(zone: str, day: date) -> bool:
    """False for a date that clocks in `zone` never showed, as 30 December 2011 in Samoa."""
    return instant(day, time(0), zone=zone) < instant(day + DAY, time(0), zone=zone)


def clock_in_day(day: date, at: time, *, zone: str, begins: datetime) -> datetime:
    """Return the first instant from `begins` on at which a clock in `zone` shows `at`.

    `begins` is where a couple's day `day` begins; somebody whose clock is far from the couple's
    may have another date then.
    """
    near = (instant(day + DAY * n, at, zone=zone) for n in (-1, 0, 1, 2))
    return next(each for each in near if each >= begins)


def _change_between(early: datetime, late: datetime, clock: ZoneInfo) -> datetime:
    """Return the instant at which the offset of `clock` changes, to the second."""
    before = early.astimezone(clock).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // 2 // SECOND * SECOND
        if middle.astimezone(clock).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def week_of(day: date) -> date:
    """Return the Monday that begins the week of `day` (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def months_later(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
