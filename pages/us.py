"""Us: what the two have built, each part brought by the room that owns it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from couples.cards import Card, gathered
from couples.manual import page as manual
from couples.principles import page as principles
from couples.thirds import page as thirds
from repairs import cards as repairs
from rituals import cards as rituals
from rituals.asks import cards as asks
from rituals.felt import page as felt
from rituals.meetings import page as meetings
from rituals.topics import cards as topics
from therapists import cards as therapists


@enter(partner)
@require_safe
def us(request: PartnerRequest) -> HttpResponse:
    """The whole page, or its parts alone when the page asks again."""
    template = "couples/us.html#parts" if request.htmx else "couples/us.html"
    pieces = _cards(request)
    shows = {
        "room": "us",
        "cards": [piece for piece in pieces if piece.in_use],
        "more": [piece for piece in pieces if not piece.in_use],
        "other": request.partner.other,
    }
    return render(request, template, shows)


def _cards(request: PartnerRequest) -> list[Card]:
    """Return what every room puts on Us for this viewer, from the top."""
    return gathered(
        rituals.us(request),
        meetings.us(request),
        principles.us(request),
        thirds.us(request),
        manual.us(request),
        asks.us(request),
        topics.us(request),
        felt.us(request),
        repairs.us(request),
        therapists.us(request),
    )
