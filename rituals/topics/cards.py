"""What topics put on pages that belong to everybody."""

from __future__ import annotations

import uuid

from couples.access import PartnerRequest
from couples.cards import Card
from couples.models import Partner, Third
from rituals.asks.page import seat
from rituals.models import Topic
from rituals.topics.flow import Stage
from rituals.waiting import SHOWN, first, in_whole


def waiting(request: PartnerRequest) -> list[Card]:
    """What the other raised, asks leave for, has dealt with or has closed; one query.

    What is too long to be read on its card is heard on its own page.
    """
    me = request.partner
    waits = me.couple.topics.awaiting(me, today=me.couple.today(request.now))
    found, more = first(waits.order_by("raised_at", "pk"))
    seat(found, me)
    cards = [Card("topics/waiting.html", _shows(topic, me)) for topic in found]
    return [*cards, *([Card("topics/waiting_more.html", {"things": more})] if more else [])]


def _shows(topic: Topic, me: Partner) -> dict[str, object]:
    """Say why a topic stands here, and whether a tap can say that it was heard."""
    unheard = topic.stage == Stage.RAISED and topic.author_id != me.pk
    asked = topic.leave_asked_by_id not in {None, me.pk}
    why = "unheard" if unheard else "leave" if asked else "dealt"
    return {
        "topic": topic,
        "why": topic.stage if topic.closed_on else why,
        "whole": in_whole(topic.words),
        "client_key": uuid.uuid4(),
    }


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
