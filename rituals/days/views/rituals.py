"""The couple's rituals, and when each partner wants to be reminded of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.clock_time import clock_time
from couples.zones import in_words
from rituals.days.forms import TimeForm
from rituals.days.models.ritual import rituals_before
from rituals.days.wording import weekday_words
from rituals.models import ReminderTime, Ritual


@enter(partner)
@require_safe
def rituals(request: PartnerRequest) -> HttpResponse:
    """The rituals with my own reminder time for each."""
    return _page(request)


@enter(partner)
@require_POST
def time(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """Set or clear my time for one ritual."""
    me = request.partner
    ritual = get_object_or_404(me.couple.rituals.live_for(me), pk=ritual_id)
    form = TimeForm(request.POST, prefix=_prefix(ritual))
    if not form.is_valid():
        return _page(request, typed={ritual.pk: form}, status=422)
    at = form.cleaned_data["at"]
    ReminderTime.keep(ritual=ritual, by=request.partner, at=at, now=request.now)
    messages.success(request, _("Kept.") if at else _("Kept. No reminder for this one."))
    return redirect("rituals")


def _page(
    request: PartnerRequest, *, typed: dict[UUID, TimeForm] | None = None, status: int = 200
) -> HttpResponse:
    couple = request.partner.couple
    today = couple.today(request.now)
    mine = {each.ritual_id: each.at for each in request.partner.ritual_times.all()}
    ours, theirs = rituals_before(request.partner)
    proposed = [
        {"ritual": ritual, "days": weekday_words(ritual.weekdays_on(today))} for ritual in theirs
    ]
    kept = [
        {
            "ritual": ritual,
            "days": weekday_words(ritual.weekdays_on(today)),
            "form": (typed or {}).get(ritual.pk)
            or TimeForm(prefix=_prefix(ritual), initial={"at": mine.get(ritual.pk)}),
        }
        for ritual in ours
        if ritual.ended_at is None
    ]
    zone = in_words(request.partner.person.time_zone)
    begins = clock_time(couple.day_start, of=request.partner.person)
    shows: dict[str, object] = {"room": "me", "kept": kept, "zone": zone, "begins": begins}
    shows.update(proposed=proposed, other=request.partner.other)
    return render(request, "rituals/rituals.html", shows, status=status)


def _prefix(ritual: Ritual) -> str:
    """Two forms on one page need names of their own."""
    return f"r{ritual.pk.hex[:8]}"
