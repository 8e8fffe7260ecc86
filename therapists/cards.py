"""What a therapist's link puts on Today and on Us."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from couples.access import PartnerRequest
from couples.cards import Card
from therapists.models import Acceptance
from therapists.sharing import link_of, sharing_of


def today(request: PartnerRequest) -> list[Card]:
    """A quiet line while an invitation waits for my first answer; one query, no name."""
    answered = Acceptance.objects.filter(link=OuterRef("pk"), partner=request.partner)
    waiting = request.partner.couple.therapist_links.live().filter(~Exists(answered))
    return [Card("therapists/today.html", for_one=True)] if waiting.exists() else []


def us(request: PartnerRequest) -> list[Card]:
    """The couple's therapist: none, waiting for me, or what is shared."""
    link = link_of(request.partner)
    sharing = sharing_of(link, me=request.partner) if link else None
    shows = {"link": link, "sharing": sharing}
    return [Card("therapists/us.html", shows, in_use=link is not None)]
