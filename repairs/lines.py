"""A repair in one line, for Today and for the list: where it stands, never its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q

from couples.models import Partner
from repairs.models import Repair, RepairAct
from repairs.resting import clock_words
from repairs.terms import Kind, Stage


@dataclass(frozen=True)
class Line:
    """One repair as one of the two sees it from afar."""

    repair: Repair
    is_mine: bool  # the next step is (also) the viewer's
    is_later: bool  # nothing is asked before tomorrow
    begins: str = ""  # times as they are said
    i_am_back: str = ""
    other_is_back: str = ""


def lines(repairs: Iterable[Repair], *, me: Partner, now: datetime) -> list[Line]:
    """Return a line for each; one query more where something is at rest or has been invited to."""
    repairs = list(repairs)
    today = me.couple.today(now)
    said = _promised([r for r in repairs if r.resting or r.stage == Stage.INVITED])
    found = []
    for repair in repairs:
        times: dict[str, str] = {}
        for act in said:
            if act.repair_id == repair.pk and (name := _which(act, repair, me)) and act.promised_at:
                times[name] = clock_words(act.promised_at, me=me, now=now)
        later = repair.asks_on is not None and repair.asks_on > today
        mine = getattr(repair, f"turn_of_{me.seat}") and not later
        found.append(Line(repair, mine, later and repair.is_open, **times))
    return found


def _promised(repairs: list[Repair]) -> list[RepairAct]:
    """Return of each partner in each repair the last time to begin and the last rest or return."""
    if not repairs:
        return []
    kinds = [Kind.LATER, Kind.REST, Kind.BACK]
    begins = ExpressionWrapper(Q(kind=Kind.LATER), BooleanField())
    acts = RepairAct.objects.filter(repair__in=repairs, kind__in=kinds).annotate(begins=begins)
    one_each = ("repair", "author", "begins")
    return list(acts.order_by(*one_each, "-number").distinct(*one_each))


def _which(act: RepairAct, repair: Repair, me: Partner) -> str:
    """Return what a promised time is to the viewer, or nothing when it is not theirs to see."""
    if act.kind == Kind.LATER and repair.stage == Stage.INVITED:
        return "begins"
    if act.kind == Kind.REST and repair.resting:
        if act.author_id == me.pk:
            return "i_am_back"
        return "other_is_back" if act.shows_time else ""
    return ""
