"""What the other shares of their manual: a page of its own, and the way to it from Us."""

from __future__ import annotations

from couples.access import PartnerRequest
from couples.cards import Card
from couples.manual.models import with_keys
from couples.models import ManualEntry, Partner, Question
from couples.paging import Page, page


def something_else(me: Partner, *, after: str) -> Page[ManualEntry]:
    """Return what the other shares with `me` beside the questions, newest first, after `after`."""
    shared = ManualEntry.objects.shared_with(me).filter(question=Question.OWN)
    found = page(shared, newest_by="written_at", after=after)
    with_keys(found.rows, me)
    return found


def us(request: PartnerRequest) -> list[Card]:
    """The way to it; it stands open while there is something to read."""
    me = request.partner
    if me.other is None:
        return []
    shared = ManualEntry.objects.shared_with(me).exists()
    return [Card("couples/manual/us.html", {"name": me.other.name}, in_use=shared)]
