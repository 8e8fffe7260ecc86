"""Days of a couple and clock times of a person, as pure functions.

A couple's day is a date in its day zone that begins at its day start, so that a greeting at half
past midnight belongs to the evening before. A person's clock time on a date becomes an instant by
the rule of RFC 5545 3.3.5: a time that does not exist is read with the offset before the gap,
which lands after it; one that exists twice means the first.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

DAY = timedelta(days=1)


def couple_day(now: datetime, *, zone: str, day_start: time) -> date:
    """Return the date to which the aware instant `now` belongs for a couple.

    The day of date D runs from the instant of `day_start` on D to that of `day_start` on D + 1.
    Instants are compared, not clock times: in the hour that the autumn shows twice a clock goes
    back, and a day that has begun stays begun.
    """
    day = now.astimezone(ZoneInfo(zone)).date() + DAY
    while instant(day, day_start, zone=zone) > now:
        day -= DAY
    return day


def instant(day: date, at: time, *, zone: str) -> datetime:
    """Return the instant, in UTC, at which a clock in `zone` shows `at` on `day`.

    A time inside a spring gap goes to the next that does exist; a time that the autumn shows twice
    goes at its first showing.
    """
    # fold=0 is the offset before the change: right for the first of two, and past the gap.
    local = datetime.combine(day, at, tzinfo=ZoneInfo(zone)).replace(fold=0)
    return local.astimezone(UTC)


def week_of(day: date) -> date:
    """Return the Monday that begins the week of `day` (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def months_later(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def zones() -> list[str]:
    """Return the names a person can choose from, in alphabetical order."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")
