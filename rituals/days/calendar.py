"""The past by months: connected, open or rest. Never whose mark was there."""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from couples.days import DAY
from couples.models import Couple, Partner
from rituals.days.models.moment import LATE
from rituals.days.rhythm import Known, drawn, paired_on
from rituals.models import Mark, Ritual


@dataclass(frozen=True)
class Cell:
    """One day of the grid; `state` is empty where there is nothing to say."""

    date: date
    state: str


@dataclass(frozen=True)
class Month:
    """One month: its weeks from Monday on, with None outside it, and the months beside it."""

    first: date
    weeks: list[list[Cell | None]]
    earlier: date | None
    later: date | None


@dataclass(frozen=True)
class LateRitual:
    """One ritual of a day just past, as its own marks go. The other's are not here."""

    ritual: Ritual
    date: date
    mine: Mark | None
    client_key: uuid.UUID


@dataclass(frozen=True)
class LateDay:
    """A day that can still be marked, and its rituals."""

    date: date
    rituals: list[LateRitual]


def month_named(text: str, *, today: date) -> date:
    """Return the first day of the month written like 2026-11; this month for anything else."""
    this = today.replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return min(first, this)


def month_of(couple: Couple, rituals: Iterable[Ritual], *, first: date, today: date) -> Month:
    """Return the month that begins with `first`, in one query. `rituals` bring their weekdays."""
    began = paired_on(couple)
    length = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=length)
    known = Known.of(couple, since=first, until=last)
    days = drawn(rituals, known, since=max(first, began), today=min(last, today)).days
    states = {day.date: day.state for day in days}
    cells = [_cell(first + DAY * number, states, known) for number in range(length)]
    padded = [None] * first.weekday() + cells + [None] * (6 - last.weekday())
    this = today.replace(day=1)
    return Month(
        first=first,
        weeks=[padded[at : at + 7] for at in range(0, len(padded), 7)],
        earlier=(first - DAY).replace(day=1) if first > began else None,
        later=last + DAY if first < this else None,
    )


def late_days(partner: Partner, rituals: Iterable[Ritual], *, today: date) -> list[LateDay]:
    """Return the days just past that `partner` can still mark, newest first, in one query."""
    kept = [ritual for ritual in rituals if ritual.ended_at is None]
    marks = partner.marks.filter(
        taken_back_at=None, moment__date__range=(today - LATE, today - DAY)
    ).select_related("moment")
    mine = {(mark.moment.ritual_id, mark.moment.date): mark for mark in marks}
    days = [today - DAY * number for number in range(1, LATE.days + 1)]
    found = [LateDay(day, _late(kept, day, mine)) for day in days]
    return [day for day in found if day.rituals]


def _cell(day: date, states: dict[date, str], known: Known) -> Cell:
    if day in states:
        return Cell(day, states[day])
    # A rest that is planned is shown ahead; nothing else of the days to come is.
    return Cell(day, "rest" if known.rest_on(day) else "")


def _late(
    rituals: list[Ritual], day: date, mine: dict[tuple[uuid.UUID, date], Mark]
) -> list[LateRitual]:
    return [
        LateRitual(ritual, day, mine.get((ritual.pk, day)), uuid.uuid4())
        for ritual in rituals
        if ritual.planned_on(day) or (ritual.pk, day) in mine
    ]
