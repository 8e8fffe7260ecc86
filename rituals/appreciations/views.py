"""Appreciations: say one, and read what was said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.paging import page
from couples.repeats import sent_once
from rituals.appreciations.models import AppreciationRefused
from rituals.asks.forms import AppreciationForm
from rituals.asks.page import seat
from rituals.models import Appreciation


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def appreciations(request: PartnerRequest) -> HttpResponse:
    """One line to the other, and the lines so far."""
    me = request.partner
    form = AppreciationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            Appreciation.say(by=me, now=request.now, **form.cleaned_data)
            messages.success(request, _("Said."))
            return redirect("appreciations")
        except AppreciationRefused as refused:
            form.add_error(None, str(refused))
    said = page(
        me.couple.appreciations.all(), newest_by="said_at", after=request.GET.get("after", "")
    )
    seat(said.rows, me)
    shows = {"room": "us", "form": form, "said": said, "me": me, "other": me.other}
    template = "appreciations/appreciations.html"
    if request.htmx and request.method != "POST":
        template += "#said"
    return render(request, template, shows, status=422 if form.errors else 200)
