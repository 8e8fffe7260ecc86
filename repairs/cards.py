"""What a repair puts on Today and Us."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from couples.access import PartnerRequest
from couples.cards import Card, Place
from repairs.lines import Line, lines
from repairs.terms import OPEN, Stage

MOST = 3
ASKED_FOR = timedelta(days=14)
"""For how long Today asks whether a repair holds; after that it is mended, for now."""

SHOWN_FOR = timedelta(days=2)
"""For how long a part that the other sent stands on Today."""


def today(request: PartnerRequest) -> list[Card]:
    """What is under way, by where it stands and never by its words; in one query."""
    me = request.partner
    day = me.couple.today(request.now)
    mine = {"turn": f"turn_of_{me.seat}", "aside": f"aside_for_{me.seat}"}
    under_way = Q(stage__in=sorted(OPEN)) & Q(**{mine["aside"]: False})
    holds = Q(stage=Stage.MENDED, asks_on__range=(day - ASKED_FOR, day), **{mine["turn"]: True})
    sent = Q(stage=Stage.SENT, shared_on__gte=day - SHOWN_FOR) & ~Q(author=me)
    found = me.couple.repairs.filter(under_way | holds | sent)
    # A part that asks for nothing comes after what does, and no more than one of them.
    alone = ExpressionWrapper(Q(stage=Stage.SENT), BooleanField())
    ordered = found.annotate(alone=alone).order_by("alone", "resting", "-shared_at")
    rows = lines(ordered[: MOST + 1], me=me, now=request.now)
    shown = [row for row in rows if not row.repair.is_sent][:MOST]
    shown += [row for row in rows if row.repair.is_sent][:1]
    return [Card("repairs/today.html", {"line": line}, _place(line)) for line in shown]


def _place(line: Line) -> Place:
    """What is mine to answer is seen without moving the page; what can wait stands lower."""
    calls = line.is_mine and line.repair.is_open and not line.repair.resting
    return Place.CALL if calls else Place.WAITING


def us(request: PartnerRequest) -> list[Card]:
    """How many times the two came back to each other."""
    shared = request.partner.couple.repairs.exclude(shared_at=None)
    found = shared.aggregate(shared=Count("pk"), mended=Count("mended_on"))
    return [Card("repairs/us.html", {"mended": found["mended"]}, in_use=found["shared"] > 0)]
