"""The caseload: every couple that shares something, need first, in a fixed number of queries.

What a scope keeps closed is never asked of the database, and never handed to the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from couples.models import Couple, Partner
from repairs.models import Repair
from rituals.days.rhythm import Known, Rhythm, drawn, first_day, paired_on
from rituals.models import Moment, RestRange, Ritual
from therapists.models import Scope, Therapist, TherapistLink
from therapists.wording import day_words, since_words

SPAN = 28
"""Days of the strip."""

LONG_OPEN = 3
"""Days after which an open hurt comes first."""

SILENT = 7
"""Days without an entry after which the silence is said aloud."""

SELDOM = 2
"""Connected days of the last seven at or below which a couple is named for it."""


@dataclass(frozen=True)
class Connected:
    """How often the two connected, as far back as they let it be seen."""

    week: Rhythm
    weeks: Rhythm

    @property
    def sentence(self) -> str:
        """The strip in words."""
        if not self.weeks.counted:
            return _("no days to count yet")
        return _("connected on %(connected)d of the last %(counted)d days") % {
            "connected": self.weeks.connected,
            "counted": self.weeks.counted,
        }

    @property
    def is_seldom(self) -> bool:
        """True when a whole week can be seen and little of it was connected."""
        return self.week.counted >= SILENT - 1 and self.week.connected <= SELDOM


@dataclass(frozen=True)
class Hurts:
    """How many hurts are open, and since which day the oldest is."""

    count: int
    since: date | None
    today: date

    @property
    def days(self) -> int:
        """For how many days the oldest has been open; 0 when none is, or since today."""
        return (self.today - self.since).days if self.since else 0

    @property
    def words(self) -> str:
        """What the cell says."""
        if self.since is None:
            return _("none")
        since = since_words(self.since, today=self.today)
        return _("%(count)d, %(since)s") % {"count": self.count, "since": since}


@dataclass(frozen=True)
class Activity:
    """The last day with an entry, if there is one in what may be seen."""

    on: date | None
    seen_from: date
    today: date

    @property
    def silent_days(self) -> int:
        """Days since the last entry, or since the day from which we may see."""
        return (self.today - (self.on or self.seen_from)).days

    @property
    def words(self) -> str:
        """What the cell says. Silence is said as silence."""
        if self.on:
            return day_words(self.on, today=self.today)
        since = since_words(self.seen_from, today=self.today)
        return _("nothing %(since)s") % {"since": since}


@dataclass(frozen=True)
class Line:
    """One couple in the list. None stands for what is not shared."""

    link: UUID
    names: str
    linked: str
    connected: Connected | None
    hurts: Hurts | None
    activity: Activity | None

    @property
    def is_first(self) -> bool:
        """True for a couple with a hurt that has been open for longer than three days."""
        return self.hurts is not None and self.hurts.days > LONG_OPEN

    @property
    def is_silent(self) -> bool:
        """True when nothing has been entered for a week or more."""
        return self.activity is not None and self.activity.silent_days >= SILENT

    @property
    def why(self) -> str:
        """Why this couple stands where it does, or nothing."""
        if self.hurts and self.hurts.days > LONG_OPEN:
            days = self.hurts.days
            text = ngettext(
                "A hurt has been open for %(days)d day",
                "A hurt has been open for %(days)d days",
                days,
            )
            return text % {"days": days}
        if self.activity and self.is_silent:
            days = self.activity.silent_days
            text = ngettext("Silent for %(days)d day", "Silent for %(days)d days", days)
            return text % {"days": days}
        if self.connected and self.connected.is_seldom:
            return _("Connected on %(connected)d of the last 7 days") % {
                "connected": self.connected.week.connected
            }
        return ""

    @property
    def need(self) -> tuple[int, int, str]:
        """The order of the list: long open hurts, silence, few days together, the others."""
        if self.is_first and self.hurts:
            return (0, -self.hurts.days, self.names.casefold())
        if self.is_silent and self.activity:
            return (1, -self.activity.silent_days, self.names.casefold())
        return (2 if self.why else 3, 0, self.names.casefold())


@dataclass(frozen=True)
class Seen:
    """One link with what its couple shares, on the couple's present day."""

    link: TherapistLink
    couple: Couple
    shared: dict[str, date | None]
    today: date

    def from_day(self, scope: Scope) -> date:
        """Return the first day that `scope` lets be seen."""
        return self.shared[scope] or date.min


def standing_links(therapist: Therapist) -> QuerySet[TherapistLink]:
    """Return the therapist's standing links, with scopes, couple and both: four queries."""
    together = Prefetch(
        "couple__partners", queryset=Partner.objects.live().with_keys().order_by("seat")
    )
    links = therapist.links.standing().with_scopes().select_related("couple")
    return links.prefetch_related(together)


def links_of(therapist: Therapist) -> list[TherapistLink]:
    """Return the therapist's standing links, with everything their lines need: seven queries."""
    shared = Ritual.objects.with_weekdays().filter(proposed_by=None)
    rituals = Prefetch("couple__rituals", queryset=shared)
    rests = Prefetch("couple__rests", queryset=RestRange.objects.standing())
    return list(standing_links(therapist).prefetch_related(rituals, rests))


def names_of(link: TherapistLink) -> str:
    """Return both names, by seat, from a link of `standing_links`."""
    partners = link.couple.partners.all() if link.couple else []
    return " & ".join(each.person.name or _("no name yet") for each in partners)


def caseload(links: Iterable[TherapistLink], *, now: datetime) -> list[Line]:
    """Return one line a link, need first, in two queries more."""
    seen = [_seen(link, now) for link in links]
    closed = _closed_days([each for each in seen if Scope.RHYTHM in each.shared])
    hurts = _open_hurts([each for each in seen if Scope.REPAIRS in each.shared])
    lines = [_line(each, closed[each.couple.pk], hurts[each.couple.pk]) for each in seen]
    return sorted(lines, key=lambda line: line.need)


def _seen(link: TherapistLink, now: datetime) -> Seen:
    couple = link.couple
    if couple is None:
        raise ValueError("a standing link leads to a couple")
    couple.together = list(couple.partners.all())
    return Seen(link=link, couple=couple, shared=link.shared, today=couple.today(now))


def _closed_days(seen: list[Seen]) -> dict[UUID, set[date]]:
    """Return, by couple, the days on which the two connected, in one query."""
    since = min((each.today for each in seen), default=date.max) - timedelta(days=SPAN)
    moments = Moment.objects.filter(
        couple__in=[each.couple.pk for each in seen], closed=True, date__gte=since
    )
    days: dict[UUID, set[date]] = defaultdict(set)
    for couple, day in moments.values_list("couple", "date"):
        days[couple].add(day)
    return days


def _open_hurts(seen: list[Seen]) -> dict[UUID, list[date]]:
    """Return, by couple, since which days hurts are open that may be seen, in one query."""
    reach = {each.couple.pk: each.from_day(Scope.REPAIRS) for each in seen}
    days: dict[UUID, list[date]] = defaultdict(list)
    open_repairs = Repair.objects.open().filter(couple__in=list(reach))
    for couple, day in open_repairs.values_list("couple", "shared_on"):
        if day and day >= reach[couple]:
            days[couple].append(day)
    return days


def _line(seen: Seen, closed: set[date], hurts: list[date]) -> Line:
    linked = seen.couple.today(seen.link.linked_at) if seen.link.linked_at else seen.today
    return Line(
        link=seen.link.pk,
        names=" & ".join(
            partner.person.name or _("no name yet") for partner in seen.couple.together
        ),
        linked=since_words(linked, today=seen.today),
        connected=_connected(seen, closed) if Scope.RHYTHM in seen.shared else None,
        hurts=(
            Hurts(count=len(hurts), since=min(hurts, default=None), today=seen.today)
            if Scope.REPAIRS in seen.shared
            else None
        ),
        activity=_activity(seen) if Scope.RHYTHM in seen.shared else None,
    )


def _connected(seen: Seen, closed: set[date]) -> Connected:
    reach = seen.from_day(Scope.RHYTHM)
    rituals = list(seen.couple.rituals.all())
    known = Known.from_rows(closed, seen.couple.rests.all())

    def last(span: int) -> Rhythm:
        since = max(reach, first_day(seen.couple, today=seen.today, span=span))
        return drawn(rituals, known, since=since, today=seen.today)

    return Connected(week=last(7), weeks=last(SPAN))


def _activity(seen: Seen) -> Activity:
    seen_from = max(seen.from_day(Scope.RHYTHM), paired_on(seen.couple))
    on = seen.couple.last_active_on
    return Activity(
        on=on if on and on >= seen_from else None, seen_from=seen_from, today=seen.today
    )
