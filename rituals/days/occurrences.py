"""The local dates on which a clock time comes round, as pure functions.

Every date that a clock shows has one occurrence; whether it is still to come depends on the
present instant and on what was due already and has not gone out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from couples.days import DAY, has_date, instant

USEFUL = timedelta(hours=4)
"""After this a reminder of a ritual only comes too late."""


class Occurrence(NamedTuple):
    """A local date, and the instant, in UTC, at which the time falls on it."""

    day: date
    due: datetime


def occurrences(at: time, *, zone: str, first: date, days: int) -> Iterator[Occurrence]:
    """Yield each date from `first` on, for `days` days, that clocks in `zone` show."""
    for each in (first + DAY * n for n in range(days)):
        # On a date that is left out there is nobody to remind of anything.
        if has_date(zone, each):
            yield Occurrence(each, instant(each, at, zone=zone))


def next_to_come(
    coming: Iterator[Occurrence],
    *,
    now: datetime,
    spent: Collection[date],
    late: Callable[[date], bool],
    wanted: Callable[[datetime], bool],
) -> Occurrence | None:
    """Return the first that is still to go out and is wanted, None when there is none.

    A date that is `spent` has had its reminder. One that is `late` was due, or was passed by,
    before it could go out, and goes out now while it is useful.
    """
    for day, due in coming:
        to_come = due > now or (due + USEFUL > now and late(day))
        if to_come and day not in spent and wanted(due):
            return Occurrence(day, due)
    return None
