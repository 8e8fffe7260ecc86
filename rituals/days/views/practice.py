"""My own practice: one's own marks, for oneself alone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from couples.paging import page


@enter(partner)
@require_safe
def practice(request: PartnerRequest) -> HttpResponse:
    """What I did, by day, newest first. Nobody else sees this page, and nothing is counted."""
    me = request.partner
    marks = me.marks.standing().select_related("moment__ritual")
    shown = page(marks, newest_by="moment__date", after=request.GET.get("after", ""), size=30)
    for mark in shown.rows:
        # One's own words and the couple's names open with the keys that came along already.
        mark.partner, mark.moment.ritual.couple = me, me.couple
    return render(request, "rituals/practice.html", {"room": "me", "page": shown})
