"""How safe it feels: this week, and over time beside what the two practised."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from couples.days import week_of
from couples.models import Partner
from repairs.picture import mended
from rituals.felt.models.scale_wording import offered
from rituals.felt.page import connected, goes_together, security, seen, together_since
from rituals.felt.picture import Chart, drawn, span_named


@enter(partner)
@require_safe
def felt(request: PartnerRequest) -> HttpResponse:
    """This week, the picture, and one plain sentence once there is something to say."""
    me, today = request.partner, request.partner.couple.today(request.now)
    mine = seen(me, me.pulses.filter(week=week_of(today)))
    span = span_named(request.GET.get("until", ""), today=today, first=together_since(me))
    shows = {
        "room": "us",
        "other": me.other,
        "week": mine[0] if mine else None,
        "span": span,
        "picture": drawn(span.weeks, charts(me, span.weeks, today=today)),
        "pattern": goes_together(me, today=today),
        "scales": offered(),
    }
    template = "felt/felt.html#felt" if request.htmx else "felt/felt.html"
    return render(request, template, shows)


def charts(me: Partner, weeks: list[date], *, today: date) -> list[Chart]:
    """Return what stands beside each other, as far as `me` may see it on this day."""
    return [*connected(me, weeks, today=today), *mended(me, weeks), *security(me, weeks)]
