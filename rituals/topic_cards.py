"""What topics put on pages that belong to everybody."""

from __future__ import annotations

import uuid

from couples.access import PartnerRequest
from couples.cards import Card
from couples.models import Partner, Third
from rituals.conversation import seat
from rituals.waiting import SHOWN, first, in_whole


def waiting(request: PartnerRequest) -> list[Card]:
    """What the other raised and I have not heard yet, or asks leave for; one query.

    What is too long to be read on its card is heard on its own page.
    """
    me = request.partner
    waits = me.couple.topics.awaiting(me, today=me.couple.today(request.now))
    found, more = first(waits.order_by("raised_at", "pk"))
    seat(found, me)
    cards = [
        Card(
            "topics/waiting.html",
            {"topic": each, "whole": in_whole(each.words), "client_key": uuid.uuid4()},
        )
        for each in found
    ]
    return [*cards, *([Card("topics/waiting_more.html", {"things": more})] if more else [])]


def about_third(me: Partner, third: Third) -> list[Card]:
    """What is open about a third, newest first, and the way to more; one query."""
    rows = me.couple.topics.open().filter(about_third=third)
    found = list(rows.order_by("-raised_at", "pk")[: SHOWN + 1])
    seat(found, me)
    cards = [Card("topics/about.html", {"topic": each}) for each in found[:SHOWN]]
    return [*cards, *([Card("topics/about_more.html")] if found[SHOWN:] else [])]


def us(request: PartnerRequest) -> list[Card]:
    """The way to everything the two have to talk about; a draft is in use to its author alone."""
    me = request.partner
    seen = me.couple.topics.exclude(raised_at=None) | me.couple.topics.filter(author=me)
    return [Card("topics/us.html", in_use=seen.exists())]
