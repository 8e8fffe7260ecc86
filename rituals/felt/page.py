"""Felt security as one partner may see it: the week, the picture, and what goes together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.access import PartnerRequest
from couples.cards import Card
from couples.days import week_of
from couples.models import Couple, Partner
from rituals.days.rhythm import paired_on
from rituals.felt.models.pulse import HIGHEST, STATEMENTS
from rituals.felt.pattern import Pair, Pattern, pattern
from rituals.felt.picture import WEEK, Chart, Line
from rituals.models import Pulse

STATEMENT_WORDS = (
    gettext_lazy("I felt that I come first."),
    gettext_lazy("I could bring things up, hard ones too."),
    gettext_lazy("When something came between us, we came back to each other."),
)
"""Our own sentences; no validated scale, and the page says so."""

A_YEAR = 53
"""Weeks to which the one sentence looks back."""


def us(request: PartnerRequest) -> list[Card]:
    """The way in. It says the same whatever either has answered; my own answers unfold it."""
    return [Card("felt/us.html", in_use=request.partner.pulses.exists())]


@dataclass(frozen=True)
class SeenWeek:
    """One week as one partner sees it: their own answers, and the other's once both have shared."""

    mine: Pulse
    theirs: Pulse | None

    @property
    def open(self) -> bool:
        """True when both have shared it."""
        return self.theirs is not None

    @property
    def lines(self) -> list[tuple[str, int, int | None]]:
        """Each statement with my answer and, in an open week, the other's."""
        mine = self.mine.values or ()
        theirs = (self.theirs.values if self.theirs else None) or (None,) * STATEMENTS
        return [
            (str(words), one, other)
            for words, one, other in zip(STATEMENT_WORDS, mine, theirs, strict=False)
        ]


def seen(me: Partner, mine: Iterable[Pulse]) -> list[SeenWeek]:
    """Return these weeks of mine with the other's answers where both have shared; one query."""
    rows = list(mine)
    weeks = [each.week for each in rows if each.shared_on]
    both = Pulse.objects.visible_to(me).filter(week__in=weeks).exclude(partner=me)
    theirs = {each.week: each for each in seat(both, me)}
    return [SeenWeek(each, theirs.get(each.week)) for each in seat(rows, me)]


def seat(pulses: Iterable[Pulse], me: Partner) -> list[Pulse]:
    """Give each pulse its partner as loaded already, with the key that opens it."""
    seats = {each.pk: each for each in me.couple.together}
    found = [each for each in pulses if each.partner_id in seats]
    for each in found:
        each.couple, each.partner = me.couple, seats[each.partner_id]
    return found


def together_since(me: Partner) -> date:
    """Return the couple's day on which the first of the two came here."""
    return min(me.couple.today(each.joined_at) for each in me.couple.together)


# --- What the rituals bring to the picture ---------------------------------------------------


def connected(me: Partner, weeks: list[date], *, today: date) -> list[Chart]:
    """On how many days of each week the two connected; one query.

    The present week is in the table alone: drawn, a Monday would look like a fall.
    """
    if not weeks:
        return []
    days = _connected_days(me.couple, weeks[0], weeks[-1])
    since = paired_on(me.couple)
    counts = [None if week + WEEK <= since else days.get(week, 0) for week in weeks]
    over = zip(weeks, counts, strict=True)
    values = [count if week + WEEK <= today else None for week, count in over]
    cells = ["–" if count is None else str(count) for count in counts]
    return [Chart(_("Days connected"), 7, [Line(_("Days connected"), values, cells)])]


def security(me: Partner, weeks: list[date]) -> list[Chart]:
    """How safe it felt: mine, and the other's in the weeks that both have shared; one query."""
    if not weeks:
        return []
    found = Pulse.objects.visible_to(me).filter(week__range=(weeks[0], weeks[-1]))
    by_week = {(each.week, each.partner_id): each for each in seat(found, me)}
    lines = [_felt_line(_("You"), [by_week.get((week, me.pk)) for week in weeks])]
    other = me.other
    if other and any((week, other.pk) in by_week for week in weeks):
        both = [by_week.get((week, other.pk)) for week in weeks]
        lines.append(_felt_line(other.name, both))
    return [Chart(_("How safe it felt"), HIGHEST, lines, ours=False)]


def _felt_line(name: str, pulses: list[Pulse | None]) -> Line:
    """Draw a week at the middle of its three answers; the table gives the three themselves."""
    answers = [each.values if each else None for each in pulses]
    return Line(
        name,
        [_together(each) if each else None for each in answers],
        [" · ".join(map(str, each)) if each else "–" for each in answers],
    )


def _together(answers: tuple[int, ...]) -> float:
    return sum(answers) / len(answers)


# --- One plain sentence ----------------------------------------------------------------------


def goes_together(me: Partner, *, today: date) -> Pattern | None:
    """Return what can be said of my own weeks, or None while there are too few; three queries."""
    this_week = week_of(today)
    first = max(this_week - WEEK * A_YEAR, _first_whole_week(paired_on(me.couple)))
    if first >= this_week:
        return None
    last = this_week - WEEK
    mine = seat(me.pulses.filter(couple=me.couple, week__range=(first, last)), me)
    rests = list(me.couple.rests.standing().filter(first_day__lt=this_week, last_day__gte=first))
    days = _connected_days(me.couple, first, last)
    pairs: list[Pair] = [
        (days.get(each.week, 0), _together(each.values))
        for each in mine
        if each.values
        and not any(r.first_day < each.week + WEEK and r.last_day >= each.week for r in rests)
    ]
    return pattern(pairs)


def _first_whole_week(day: date) -> date:
    if day == date.max:
        return date.max
    return week_of(day + timedelta(days=6))


def _connected_days(couple: Couple, first: date, last: date) -> dict[date, int]:
    rows = couple.weeks.filter(week__range=(first, last))
    return dict(rows.values_list("week", "connected_days"))
