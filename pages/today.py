"""Today: what a couple opens most days for a few seconds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from couples import phone_clock
from couples.access import PartnerRequest, elsewhere, enter, partner
from couples.cards import Card, Place, gathered
from couples.delivery.push import public_key
from couples.first_steps import next_step
from couples.phone_clock import SAID
from couples.principles import page as principles
from couples.views.invitation import open_invitation
from repairs import cards as repairs
from rituals import cards as rituals
from therapists import cards as therapists


def partner_or_welcome(request: HttpRequest) -> HttpResponseBase | None:
    """Partners of a live couple; somebody who is not signed in is welcomed first."""
    if request.user.is_authenticated:
        return partner(request)
    return elsewhere(request, reverse("welcome"))


@enter(partner_or_welcome)
@require_safe
def today(request: PartnerRequest) -> HttpResponse:
    """The whole page, or its board alone when the page asks again; on day one the next step."""
    if request.htmx:
        return board(request)
    if step := next_step(request.partner.person):
        return redirect(step)
    return render(request, "couples/today.html", {**_shows(request), **_phone(request)})


def _phone(request: PartnerRequest) -> dict[str, object]:
    """What a script needs to say of the phone only what is news."""
    return {"push_key": public_key(), "phone_clock": request.session.get(SAID, "")}


def board(request: PartnerRequest) -> HttpResponse:
    """Return the part of Today that changes, for any view whose act changed it."""
    return render(request, "couples/today.html#board", _shows(request))


def _cards(request: PartnerRequest) -> list[Card]:
    """Return what every room puts on Today for this viewer, from the top."""
    return gathered(
        principles.today(request),
        rituals.today(request),
        repairs.today(request),
        therapists.today(request),
        phone_clock.today(request),
    )


def _shows(request: PartnerRequest) -> dict[str, object]:
    me, couple = request.partner, request.partner.couple
    day = couple.today(request.now)
    for_one = me.practises_alone(day)
    pieces = [piece for piece in _cards(request) if piece.for_one or not for_one]
    return {
        "room": "today",
        "date": date_format(day, "l j F"),
        "day": day,
        "cards": [piece for piece in pieces if piece.place is not Place.ACTIONS],
        "actions": [piece for piece in pieces if piece.place is Place.ACTIONS],
        "for_one": for_one,
        # Nothing on this page can speak of somebody whom it does not know.
        "other": None if for_one else me.other,
        "paired": couple.paired and not for_one,
        "seat_empty": not couple.paired,
        "invitation": {} if couple.paired else open_invitation(request),
    }
