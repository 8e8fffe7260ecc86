"""What a repair puts on Today and Us."""

from __future__ import annotations

from django.db.models import Count

from couples.access import PartnerRequest
from couples.cards import Card


def today(request: PartnerRequest) -> list[Card]:
    """The repair under way, by where it stands and never by its words."""
    open_repairs = request.partner.couple.repairs.open().order_by("resting", "shared_at")[:1]
    return [Card("repairs/today.html", {"repair": repair}) for repair in open_repairs]


def us(request: PartnerRequest) -> list[Card]:
    """How many times the two came back to each other."""
    shared = request.partner.couple.repairs.exclude(shared_at=None)
    found = shared.aggregate(shared=Count("pk"), mended=Count("mended_on"))
    return [Card("repairs/us.html", {"mended": found["mended"]}, in_use=found["shared"] > 0)]
