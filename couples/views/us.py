"""Us: what the two have built, each part brought by the room that owns it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from couples.cards import cards


@enter(partner)
@require_safe
def us(request: PartnerRequest) -> HttpResponse:
    """The whole page, or its parts alone when the page asks again."""
    template = "couples/us.html#parts" if request.htmx else "couples/us.html"
    pieces = cards("US_PARTS", request)
    shows = {
        "room": "us",
        "cards": [piece for piece in pieces if piece.in_use],
        "more": [piece for piece in pieces if not piece.in_use],
        "other": request.partner.other,
    }
    return render(request, template, shows)
