"""The calendar, and what can still be put into the days just past."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from rituals.days.calendar import late_days, month_named, month_of
from rituals.days.models.ritual import rituals_before


@enter(partner)
@require_safe
def calendar(request: PartnerRequest) -> HttpResponse:
    """One month, this one unless another is named; below this one, the last three days."""
    me, couple = request.partner, request.partner.couple
    today = couple.today(request.now)
    rituals, _proposed = rituals_before(me)
    ours = [each for each in rituals if each.is_shared]
    first = month_named(request.GET.get("month", ""), today=today)
    shown = month_of(couple, ours, first=first, today=today)
    shows = {
        "room": "us",
        "month": shown,
        "today": today,
        "weekdays": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in WEEKDAYS],
        "late": [] if shown.later else late_days(me, rituals, today=today),
    }
    return render(request, "rituals/calendar.html", shows)
