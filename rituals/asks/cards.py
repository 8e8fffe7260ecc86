"""What asks and appreciations put on pages that belong to everybody."""

from __future__ import annotations

import uuid

from django.db.models import Exists

from couples.access import PartnerRequest
from couples.cards import Card, Place
from couples.models import Couple, Partner, Third
from rituals.appreciations.models import FRESH
from rituals.asks.flow import Stage
from rituals.asks.page import seat
from rituals.models import Appreciation, Ask
from rituals.waiting import SHOWN, first, in_whole


def waiting(request: PartnerRequest) -> list[Card]:
    """What waits for me, oldest first, each with the quickest answer where a tap can be one.

    What has been offered since it was asked stands on its own page, and so does what is long: a
    card that does not show what a tap on it would agree to leads there. A yes is a good word, and
    stands with those. One query.
    """
    me = request.partner
    today = me.couple.today(request.now)
    found, more = first(me.couple.asks.awaiting(me, today=today).order_by("asked_at", "pk"))
    seat(found, me)
    cards = [_card(ask) for ask in found]
    return [*cards, *([Card("asks/waiting_more.html", {"things": more})] if more else [])]


def _card(ask: Ask) -> Card:
    if ask.stage == Stage.AGREED:
        return Card("asks/ended.html", {"ask": ask}, Place.FIRST)
    if not ask.is_open:
        return Card("asks/ended.html", {"ask": ask})
    shows = {"ask": ask, "whole": _shows_whole(ask), "client_key": uuid.uuid4()}
    return Card("asks/waiting.html", shows)


def _shows_whole(ask: Ask) -> bool:
    return ask.is_as_asked and in_whole(ask.what, ask.third, ask.instead_of)


def about_third(me: Partner, third: Third) -> list[Card]:
    """What is open about a third, newest first, and the way to more; one query."""
    rows = me.couple.asks.open().filter(about_third=third)
    found = list(rows.order_by("-asked_at", "pk")[: SHOWN + 1])
    seat(found, me)
    cards = [Card("asks/about.html", {"ask": each}) for each in found[:SHOWN]]
    return [*cards, *([Card("asks/about_more.html")] if found[SHOWN:] else [])]


def us(request: PartnerRequest) -> list[Card]:
    """The way to everything the two ask each other, and the latest kind line."""
    couple = request.partner.couple
    used = Couple.objects.filter(pk=couple.pk).annotate(
        asked=Exists(couple.asks.all()) | Exists(couple.matters.all()),
        appreciated=Exists(couple.appreciations.all()),
    )
    asked, appreciated = used.values_list("asked", "appreciated").get()
    return [Card("asks/us.html", in_use=asked), _appreciation(request, in_use=appreciated)]


def _appreciation(request: PartnerRequest, *, in_use: bool) -> Card:
    """The latest line that the other said to me in the last days, and the way to say one."""
    me = request.partner
    since = me.couple.today(request.now) - FRESH
    latest = Appreciation.objects.to(me, since=since).order_by("-said_at", "-pk").first()
    if latest:
        seat([latest], me)
    return Card("appreciations/us.html", {"latest": latest}, in_use=in_use)
