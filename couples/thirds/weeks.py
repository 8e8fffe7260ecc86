"""Which thirds crowded in, week by week: what the two said goes in, weeks alone come out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from couples.clock import database_now
from couples.days import week_of
from couples.isolation import isolated
from couples.models import Couple, Third, ThirdMoment, ThirdWeek
from couples.thirds import flow
from couples.thirds.flow import LOOKED_AT, WEEK, Came

SHOWN = 8
"""Weeks that the strip of a third shows; older ones are kept nowhere."""

GRACE = timedelta(days=2)
"""How long after a week its words are still kept: longer than a tap can be under way, and than any
change of the couple's clock can bring a week back."""

Counted = dict[UUID, set[date]]
"""For each third the Mondays of the weeks that count."""


@dataclass(frozen=True)
class Week:
    """One small circle of the strip: `crowded`, `open` for every other week, `none` to come."""

    state: str


@dataclass(frozen=True)
class Weeks:
    """The weeks of one third that are over, oldest first, and what can be said of them."""

    name: str
    strip: list[Week]
    times: int
    crowds_in: bool

    @property
    def sentence(self) -> str:
        """What both are told when it crowds in: about the third, never about who let it in."""
        if not self.crowds_in:
            return ""
        said = {"name": isolated(self.name), "times": self.times, "weeks": LOOKED_AT}
        return _("%(name)s came first in %(times)d of the last %(weeks)d weeks.") % said

    @property
    def label(self) -> str:
        """The strip as a sentence, or nothing before its first week is over."""
        drawn = [week.state for week in self.strip if week.state != "none"]
        said = {"weeks": len(drawn), "crowded": drawn.count("crowded")}
        if not drawn:
            return ""
        return (
            ngettext(
                "It came first in %(crowded)d of %(weeks)d week.",
                "It came first in %(crowded)d of %(weeks)d weeks.",
                len(drawn),
            )
            % said
        )


def crowded(couple: Couple, today: date) -> list[Third]:
    """Return the thirds in force that counted in three of the last four weeks, by name.

    Costs three queries, whatever the history. Only weeks that are over on `today` are looked at,
    so the answer is the same for both partners and from Monday to Sunday.
    """
    found = counted(couple, today, weeks=LOOKED_AT)
    thirds = [each for each in couple.thirds.in_force() if flow.crowds_in(found[each.pk], today)]
    return sorted(thirds, key=lambda each: each.name.casefold())


def counted(couple: Couple, today: date, *, weeks: int = SHOWN) -> Counted:
    """Return the weeks that count among the last `weeks` that are over, in two queries."""
    first, running = flow.finished_weeks(today, weeks)[0], week_of(today)
    found: Counted = defaultdict(set)
    kept = couple.third_weeks.filter(week__gte=first, week__lt=running)
    for third, monday in kept.values_list("third_id", "week"):
        found[third].add(monday)
    for third, monday in _fresh(couple, since=first, before=running):
        found[third].add(monday)
    return found


def weeks_of(third: Third, found: Collection[date], today: date) -> Weeks:
    """Return the strip of a third, from the week in which it came into force."""
    since = week_of(third.since) if third.since else week_of(today)
    mondays = [each for each in flow.finished_weeks(today, SHOWN) if each >= since]
    states = ["crowded" if each in found else "open" for each in mondays]
    states += ["none"] * (SHOWN - len(states))
    strip = [Week(state) for state in states]
    return Weeks(third.name, strip, flow.times(found, today), flow.crowds_in(found, today))


def _fresh(couple: Couple, *, since: date, before: date) -> list[tuple[UUID, date]]:
    """Return what counts among the weeks whose words are still there, in one query."""
    said = couple.third_moments.filter(day__gte=since, day__lt=before)
    weekly = said.annotate(week=TruncWeek("day")).values_list("third_id", "week")
    sums = weekly.annotate(
        we=Count("pk", filter=Q(came=Came.WE)), this=Count("pk", filter=Q(came=Came.THIS))
    )
    return [(third, monday) for third, monday, we, this in sums if flow.counts(we=we, this=this)]


# --- Nothing personal stays ----------------------------------------------------------------------


MANY = 200
"""Couples whose weeks one tick turns over; the next tick takes the next."""


def sweep(*, now: datetime | None = None) -> None:
    """Turn what was said in weeks that are over into those weeks, and forget whose word it was.

    Weeks older than the strip go as well. Run with every tick; costs two queries when there is
    nothing to do.
    """
    now = now or database_now()
    # Two days more than the grace: no couple's date is further behind that of UTC.
    long_ago = week_of((now - GRACE).date() - GRACE)
    due = ThirdMoment.objects.filter(day__lt=long_ago)
    for couple in Couple.objects.filter(pk__in=due.values("couple"))[:MANY]:
        _fold(couple, before=week_of(couple.today(now - GRACE)))
    ThirdWeek.objects.filter(week__lt=long_ago - WEEK * SHOWN).delete()


def _fold(couple: Couple, *, before: date) -> None:
    with transaction.atomic():
        couple.lock()
        ThirdWeek.objects.bulk_create(
            [
                ThirdWeek(couple=couple, third_id=third, week=monday)
                for third, monday in _fresh(couple, since=date.min, before=before)
            ],
            ignore_conflicts=True,
        )
        couple.third_moments.filter(day__lt=before).delete()
