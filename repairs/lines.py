"""A repair in one line, for Today and for the list: where it stands, never its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from couples.models import Partner
from repairs.models import Repair, RepairAct
from repairs.resting import clock_words
from repairs.terms import RESTS, Kind, Stage


@dataclass(frozen=True)
class Line:
    """One repair as one of the two sees it from afar; times as they are said, or empty."""

    repair: Repair
    is_mine: bool  # the next step is (also) the viewer's
    is_later: bool  # nothing is asked before tomorrow
    begins: str
    i_am_back: str
    other_is_back: str


def lines(repairs: QuerySet[Repair], *, me: Partner, now: datetime) -> list[Line]:
    """Return a line for each, in one query, with the times in it that `me` may see."""
    acts = RepairAct.objects.filter(repair=OuterRef("pk")).order_by("-number")
    rests = acts.filter(kind__in=sorted(RESTS))  # of which a break alone promises a time
    shown = Case(When(shows_time=True, then=F("promised_at")))
    times: dict[str, Any] = {
        "begins": acts.filter(kind=Kind.LATER).values("promised_at")[:1],
        "i_am_back": rests.filter(author=me).values("promised_at")[:1],
        "other_is_back": rests.filter(~Q(author=me)).values(shown=shown)[:1],
    }
    found = repairs.annotate(**{name: Subquery(asked) for name, asked in times.items()})
    return [_line(repair, me, now) for repair in found]


def _line(repair: Repair, me: Partner, now: datetime) -> Line:
    later = repair.asks_on is not None and repair.asks_on > me.couple.today(now)

    def said(name: str, *, holds: bool) -> str:
        at = getattr(repair, name) if holds else None
        return clock_words(at, me=me, now=now) if at else ""

    return Line(
        repair,
        is_mine=getattr(repair, f"turn_of_{me.seat}") and not later,
        is_later=later and repair.is_open,
        begins=said("begins", holds=repair.stage == Stage.INVITED),
        i_am_back=said("i_am_back", holds=repair.resting),
        other_is_back=said("other_is_back", holds=repair.resting),
    )
