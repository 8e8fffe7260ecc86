"""Which dates somebody should be told of, who moves and changes their mind, judged by the wall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.properties.wall_clock import Watch, watch

PACE = timedelta(minutes=5)
DAY = timedelta(days=1)
USEFUL = timedelta(hours=4)
DAY_STARTS = timedelta(hours=4)
"""The couple's days begin at four, in UTC, wherever the one who is reminded goes."""

LONG_BEFORE = date(2020, 1, 1)
EVERY_DAY = 127


@dataclass(frozen=True)
class Step:
    """After `wait` paces, one thing happens: another zone, time or choice of weekdays.

    `silence` is for how many paces after that nobody sends anything.
    """

    wait: int
    zone: str | None = None
    at: time | None = None
    never: bool = False
    weekdays: int = 0
    silence: int = 0


@dataclass(frozen=True)
class Life:
    """Where and when it begins, what is asked for first, and what happens then."""

    since: datetime
    zone: str
    at: time
    steps: tuple[Step, ...]


class Looked:
    """The life as somebody would live it who looks at the wall all the time.

    A date is told of when the wall first shows its time, or would have, had it not been put ahead.
    """

    def __init__(self, life: Life) -> None:
        self.right: list[tuple[date, datetime]] = []
        self.spent: set[date] = set()
        self.zone: str = life.zone
        self.at: time | None = life.at
        self.weekdays = [(LONG_BEFORE, EVERY_DAY)]
        paces = sum(step.wait + step.silence for step in life.steps) + 3 * DAY // PACE
        self.begun = life.since - 2 * DAY
        self.ends = life.since + PACE * paces + 2 * DAY
        self.walls: dict[str, Watch] = {}
        self.now = life.since
        for step in life.steps:
            self._wait(step.wait)
            self._take(step)
            self._be_silent(step.silence)
        self._wait(3 * DAY // PACE)

    def _wall(self, zone: str) -> Watch:
        if zone not in self.walls:
            self.walls[zone] = watch(zone, self.begun, self.ends, pace=PACE)
        return self.walls[zone]

    def _shown(self) -> datetime:
        """The furthest that the wall has shown by now."""
        return self._wall(self.zone).furthest[(self.now - self.begun) // PACE]

    def _wait(self, paces: int) -> None:
        for _ in range(paces):
            before = self._shown()
            self.now += PACE
            self._tell(self._between(before, self._shown()))

    def _be_silent(self, paces: int) -> None:
        before = self._shown()
        self.now += PACE * paces
        self._tell(self._between(before, self._shown()))

    def _take(self, step: Step) -> None:
        if step.zone:
            self._move(step.zone)
        if step.never:
            self.at = None
        self.at = step.at or self.at
        if step.weekdays:
            today = (self.now - DAY_STARTS).date()
            earlier = [each for each in self.weekdays if each[0] < today]
            self.weekdays = [*earlier, (today, step.weekdays)]

    def _move(self, zone: str) -> None:
        before = self._shown()
        promised = [
            day
            for day in self._between(before, datetime.max)  # noqa: DTZ901 - a wall's
            if day not in self.spent and self._planned(day)
        ]
        self.zone = zone
        passed = self._between(before, self._shown())
        if promised:
            self._tell([day for day in passed if day >= promised[0]], moved=True)

    def _between(self, before: datetime, after: datetime) -> list[date]:
        """Dates whose time lies between two that the wall has shown."""
        if self.at is None:
            return []
        dates = sorted(self._wall(self.zone).dates)
        return [day for day in dates if before < datetime.combine(day, self.at) <= after]

    def _due(self, day: date) -> datetime | None:
        return self._wall(self.zone).first_at(day, self.at) if self.at else None

    def _planned(self, day: date) -> bool:
        due = self._due(day)
        if due is None:
            return False
        of_couple = (due - DAY_STARTS).date()
        _since, chosen = max(each for each in self.weekdays if each[0] <= of_couple)
        return bool(chosen & (1 << of_couple.weekday()))

    def _tell(self, days: Iterable[date], *, moved: bool = False) -> None:
        """Tell of what has come, unless it has been told of or comes too late."""
        for number, day in enumerate(
            each for each in days if each not in self.spent and self._planned(each)
        ):
            due = self._due(day)
            assert due is not None
            if due + USEFUL > self.now:
                self.right.append((day, self.now))
                self.spent.add(day)
            elif number == 0 and not moved:
                # It was promised, and its time went by; those behind it were not yet.
                self.spent.add(day)
