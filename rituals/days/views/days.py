"""When the couple's day begins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from rituals.days.forms import DaysForm
from rituals.models import keep_days


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: PartnerRequest) -> HttpResponse:
    """The zone and the hour by which the two share a day."""
    couple = request.partner.couple
    now = {"zone": couple.day_zone, "day_start": couple.day_start}
    form = DaysForm(posted(request), initial=now)
    if request.method == "POST" and form.is_valid():
        keep_days(by=request.partner, now=request.now, **form.cleaned_data)
        messages.success(request, _("Kept. Your marks stay on their days."))
        return redirect("rituals")
    shows = {"room": "me", "form": form}
    return render(request, "rituals/days.html", shows, status=422 if form.errors else 200)
