"""What a phone says of its clock, and what its owner answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, enter, partner
from couples.phone_clock import hear
from couples.zones import NO_CITY, city_of, is_known, present_name

NOTHING_NEW, DRAW_ANEW = 200, 202
"""What static/js/clock.js goes by."""


@enter(partner)
@require_POST
def phone_clock(request: PartnerRequest) -> HttpResponse:
    """Keep what this phone says; where Today has something else to show, it is drawn again."""
    news = hear(request, request.POST.get("clock", ""))
    return HttpResponse(status=DRAW_ANEW if news else NOTHING_NEW)


@enter(partner)
@require_POST
def clock_moves(request: PartnerRequest) -> HttpResponse:
    """Let one's reminders follow the clock that the card named."""
    zone = present_name(request.POST.get("zone", ""))
    if is_known(zone):
        request.partner.keep_clock(zone, now=request.now)
        said = _("Your reminders follow the clock of %(city)s now.")
        messages.success(request, said % {"city": city_of(zone)})
    return redirect("today")


@enter(partner)
@require_POST
def clock_keepings(request: PartnerRequest) -> HttpResponse:
    """Leave one's reminders as they are, and be asked no more about that clock."""
    zone = present_name(request.POST.get("zone", "") or NO_CITY)
    if is_known(zone):
        request.partner.person.keep_clock_in(zone)
    return redirect("today")
