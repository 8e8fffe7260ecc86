"""What the clocks on the walls of a zone show, read off minute by minute.

The judge of the app's own reckoning, with which it shares no line: nothing here turns a clock time
into an instant. It looks at the wall at one instant after another and notes what it sees.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def shown(instant: datetime, zone: str) -> datetime:
    """Return what a clock on the wall shows at an instant: a date and a time, no offset."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@dataclass(frozen=True)
class Watch:
    """A wall that was looked at every `pace` from `since` on; `furthest` is what it had shown.

    Clocks go back, and what has been shown has been shown: `furthest` never does.
    """

    since: datetime
    pace: timedelta
    furthest: list[datetime]
    dates: frozenset[date]

    def first_at(self, day: date, at: time) -> datetime | None:
        """Return the first instant at which the wall showed this date and time or a later one.

        None when that date was never shown, or the watch was too short to tell.
        """
        found = bisect_left(self.furthest, datetime.combine(day, at))
        known = day in self.dates and 0 < found < len(self.furthest)
        return self.since + self.pace * found if known else None


def watch(zone: str, since: datetime, until: datetime, *, pace: timedelta = MINUTE) -> Watch:
    """Look at a wall in `zone` from `since` to `until`."""
    clock = ZoneInfo(zone)
    furthest: list[datetime] = []
    dates: set[date] = set()
    last = datetime.min  # noqa: DTZ901 - what a wall shows has no offset
    now = since
    while now <= until:
        wall = now.astimezone(clock).replace(tzinfo=None)
        dates.add(wall.date())
        last = max(last, wall)
        furthest.append(last)
        now += pace
    return Watch(since, pace, furthest, frozenset(dates))


def changes(zone: str, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield each instant at which the clocks of a zone are changed, to the minute.

    Looks once every four days; two changes that undo each other within that time are missed by
    no zone known (Morocco's Ramadan takes a month).
    """
    clock, pace = ZoneInfo(zone), timedelta(days=4)
    early = since.replace(second=0, microsecond=0)
    while early < until:
        late = early + pace
        if early.astimezone(clock).utcoffset() != late.astimezone(clock).utcoffset():
            yield _narrowed(early, late, clock)
        early = late


def _narrowed(early: datetime, late: datetime, clock: ZoneInfo) -> datetime:
    before = early.astimezone(clock).utcoffset()
    while late - early > MINUTE:
        middle = early + (late - early) // 2 // MINUTE * MINUTE
        if middle.astimezone(clock).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.astimezone(UTC)
