"""How often two people connected: a day counts when at least one ritual was marked by both.

A day counts among those on which a ritual was planned, the two were already together here, and
they did not rest. Today counts once it is connected, never against them while it lasts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Value
from django.utils.translation import gettext as _

from couples.days import DAY
from couples.models import Couple
from rituals.models import RestRange, Ritual

SPAN = 14
"""Days that Today shows."""


@dataclass(frozen=True)
class Day:
    """One small circle: `connected`, `open`, `rest`, or while it lasts `today-open`."""

    date: date
    state: str


@dataclass(frozen=True)
class Rhythm:
    """Some days in a row, and what can be said of them."""

    days: list[Day]
    today: date

    @property
    def connected(self) -> int:
        """On how many of these days the two connected."""
        return sum(day.state == "connected" for day in self.days)

    @property
    def counted(self) -> int:
        """How many of these days count at all."""
        return sum(day.state in {"connected", "open"} for day in self.days)

    @property
    def sentence(self) -> str:
        """The same in words, or nothing while there is nothing to say."""
        if not self.connected:
            return ""
        if self.counted == 1:
            if self.days[-1].date == self.today:
                return _("You connected today.")
            return _("You connected on the one day that counts so far.")
        return _("You connected on %(connected)d of the last %(counted)d days.") % {
            "connected": self.connected,
            "counted": self.counted,
        }


@dataclass(frozen=True)
class Known:
    """The days on which the two connected, and the rests as first and last days."""

    closed: frozenset[date]
    rests: tuple[tuple[date, date], ...] = ()

    @classmethod
    def of(cls, couple: Couple, *, since: date, until: date) -> Known:
        """Return what is known of the days from `since` to `until`, in one query."""
        closed = couple.moments.filter(closed=True, date__range=(since, until))
        rests = couple.rests.standing().filter(first_day__lte=until, last_day__gte=since)
        days = closed.annotate(told=Value("closed"), first=F("date"), last=F("date"))
        spans = rests.annotate(told=Value("rest"), first=F("first_day"), last=F("last_day"))
        columns = ("told", "first", "last")
        found = list(days.values_list(*columns).union(spans.values_list(*columns)))
        return cls(
            closed=frozenset(first for told, first, _last in found if told == "closed"),
            rests=tuple((first, last) for told, first, last in found if told == "rest"),
        )

    @classmethod
    def from_rows(cls, closed: Iterable[date], rests: Iterable[RestRange]) -> Known:
        """Return the same from rows that were loaded already."""
        return cls(frozenset(closed), tuple((rest.first_day, rest.last_day) for rest in rests))

    def rest_on(self, day: date) -> tuple[date, date] | None:
        """Return the rest in which `day` lies, by its first and last day."""
        return next((rest for rest in self.rests if rest[0] <= day <= rest[1]), None)


def rhythm(couple: Couple, rituals: Iterable[Ritual], *, today: date, span: int = SPAN) -> Rhythm:
    """Return the last `span` days up to `today`, in one query. `rituals` bring their weekdays."""
    since = first_day(couple, today=today, span=span)
    return drawn(rituals, Known.of(couple, since=since, until=today), since=since, today=today)


def first_day(couple: Couple, *, today: date, span: int) -> date:
    """Return the first of the last `span` days on which the two were already together here."""
    return max(paired_on(couple), today - timedelta(days=span - 1))


def drawn(rituals: Iterable[Ritual], known: Known, *, since: date, today: date) -> Rhythm:
    """Return the days from `since` to `today`, as far as there is something to say of them."""
    rituals = list(rituals)
    days = []
    for number in range((today - since).days + 1):
        day = since + DAY * number
        if known.rest_on(day):
            days.append(Day(day, "rest"))
        elif day in known.closed:
            days.append(Day(day, "connected"))
        elif any(ritual.planned_on(day) for ritual in rituals):
            days.append(Day(day, "today-open" if day == today else "open"))
    return Rhythm(days, today)


def paired_on(couple: Couple) -> date:
    """Return the couple's day on which the second seat was taken, or the last of all days."""
    if not couple.paired:
        return date.max
    return max(couple.today(partner.joined_at) for partner in couple.together)
