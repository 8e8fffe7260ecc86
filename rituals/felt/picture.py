"""A picture over time: weeks side by side, what the two practised beside how safe it felt.

A room brings charts, the page gathers them (pages/felt.py), and this module places them over the
same weeks and draws them. A chart is never a comparison: lines of one chart have the same weight,
and nothing is added up or averaged over weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from couples.days import week_of
from couples.isolation import isolated

SPAN = 12
"""Weeks that one picture shows."""

WEEK = timedelta(weeks=1)
LEFT, RIGHT, TOP, BOTTOM, MIDDLE = 10, 326, 8, 92, 12
"""Where a chart is drawn, in units of an SVG of 336 by 100; marks stand in the middle of 24."""


@dataclass(frozen=True)
class Line:
    """One value a week, None where there is none, and how a table says each."""

    name: str
    values: Sequence[float | None]
    cells: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """What one room brings: at most two lines between 0 and `top`, in words at both ends."""

    title: str
    top: int
    lines: Sequence[Line]
    marks: bool = False
    """True for things that happen now and then: a dot a week, with its number above one."""

    ours: bool = True
    """True for what the two did; False for how it felt to each."""


@dataclass(frozen=True)
class Drawn:
    """A line as SVG draws it: strokes between neighbouring weeks, and a point for each value."""

    name: str
    path: str
    points: list[tuple[int, int, str]]
    """Across, down, and the number that stands at a mark for more than one."""


@dataclass(frozen=True)
class DrawnChart:
    """A chart with everything its template needs, in whole units."""

    chart: Chart
    lines: list[Drawn]

    @property
    def label(self) -> str:
        """What a screen reader says before it comes to the table."""
        return ", ".join([self.chart.title, *(isolated(line.name) for line in self.chart.lines)])


@dataclass(frozen=True)
class Row:
    """One week of the table behind the picture."""

    week: date
    cells: list[str]


@dataclass(frozen=True)
class Picture:
    """Charts over the same weeks, oldest first."""

    weeks: list[date]
    charts: list[DrawnChart]

    @property
    def heads(self) -> list[str]:
        """What stands over each column of the table."""
        return [line.name for drawn in self.charts for line in drawn.chart.lines]

    @property
    def rows(self) -> list[Row]:
        """The same as the drawings say, week by week."""
        lines = [line for drawn in self.charts for line in drawn.chart.lines]
        return [
            Row(week, [line.cells[number] for line in lines])
            for number, week in enumerate(self.weeks)
        ]


@dataclass(frozen=True)
class Span:
    """The weeks of one page, oldest first, and the last weeks of the pages beside it."""

    weeks: list[date]
    earlier: date | None
    later: date | None

    @property
    def last(self) -> date:
        """The newest of them."""
        return self.weeks[-1]


def span_named(until: str, *, today: date, first: date) -> Span:
    """Return at most twelve weeks up to that of the day `until`, none before that of `first`.

    Whatever is no day between the two means today, so that any address shows something.
    """
    newest, oldest = week_of(today), min(week_of(first), week_of(today))
    last = min(max(week_of(_day(until) or newest), oldest), newest)
    count = min(SPAN, (last - oldest) // WEEK + 1)
    weeks = [last - WEEK * back for back in range(count - 1, -1, -1)]
    return Span(
        weeks,
        earlier=weeks[0] - WEEK if weeks[0] > oldest else None,
        later=min(last + WEEK * SPAN, newest) if last < newest else None,
    )


def _day(named: str) -> date | None:
    try:
        return date.fromisoformat(named)
    except ValueError:
        return None


def drawn(weeks: list[date], charts: Iterable[Chart]) -> Picture:
    """Return these charts over the same weeks, with everything a template needs."""
    return Picture(weeks, [DrawnChart(chart, _drawn(chart, len(weeks))) for chart in charts])


# --- Drawing ---------------------------------------------------------------------------------


def _drawn(chart: Chart, count: int) -> list[Drawn]:
    return [_line(line, chart, count) for line in chart.lines]


def _line(line: Line, chart: Chart, count: int) -> Drawn:
    if chart.marks:
        there = [(number, value) for number, value in enumerate(line.values) if value]
        return Drawn(line.name, "", [(_x(n, count), MIDDLE, _more(value)) for n, value in there])
    points = [
        None if value is None else (_x(number, count), _y(value, chart.top))
        for number, value in enumerate(line.values)
    ]
    return Drawn(line.name, _path(points), [(*point, "") for point in points if point])


def _more(value: float) -> str:
    return str(int(value)) if value > 1 else ""


def _path(points: list[tuple[int, int] | None]) -> str:
    """Join neighbours alone: where a week is missing the line is open."""
    path, joined = "", False
    for point in points:
        if point is not None:
            path += f"{'L' if joined else 'M'}{point[0]} {point[1]}"
        joined = point is not None
    return path


def _x(number: int, count: int) -> int:
    """A week stands where it would among twelve, the newest at the right."""
    from_right = max(count, 1) - 1 - number
    return RIGHT - round(from_right * (RIGHT - LEFT) / (SPAN - 1))


def _y(value: float, top: int) -> int:
    return BOTTOM - round(min(value, top) * (BOTTOM - TOP) / top)
