"""Felt security: this week's three answers, and the weeks before."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.days import week_of
from couples.forms import posted
from couples.paging import ARCHIVE, page
from rituals.felt.forms import NAMES, PulseForm, SharingForm
from rituals.felt.page import seen
from rituals.models import Pulse, PulseRefused


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request: PartnerRequest) -> HttpResponse:
    """Three answers about this week; what was answered before stands in the form."""
    me = request.partner
    week = week_of(me.couple.today(request.now))
    before = seen(me, me.pulses.filter(week=week))
    answered = before[0].mine.values if before else None
    form = PulseForm(posted(request), initial=dict(zip(NAMES, answered or (), strict=False)))
    if form.is_valid():
        try:
            Pulse.answer(form.answers, by=me, week=form.cleaned_data["week"], now=request.now)
            messages.success(request, _("Kept, for you alone."))
            return redirect("felt")
        except PulseRefused as refused:
            form.add_error(None, str(refused))
    shows = {"room": "us", "form": form, "week": week}
    return render(request, "felt/pulse.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_safe
def weeks(request: PartnerRequest) -> HttpResponse:
    """The weeks I have answered, each shared or not, newest first."""
    me = request.partner
    mine = page(me.pulses.all(), newest_by="week", after=request.GET.get("after", ""), size=ARCHIVE)
    shows = {"room": "us", "other": me.other, "weeks": seen(me, mine.rows), "after": mine.after}
    template = "felt/weeks.html#weeks" if request.htmx else "felt/weeks.html"
    return render(request, template, shows)


@enter(partner)
@require_POST
def sharings(request: PartnerRequest, pulse_id: UUID) -> HttpResponse:
    """Share one week of mine; it opens once the other has shared theirs."""
    mine = get_object_or_404(request.partner.pulses, pk=pulse_id)
    form = SharingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please look at your answers once more, then share them."))
        return _back(request)
    try:
        revision = form.cleaned_data["revision"]
        opened = mine.share(by=request.partner, revision=revision, now=request.now)
        messages.success(
            request,
            _("You have both shared this week.")
            if opened
            else _("Shared. It opens once you both have."),
        )
    except PulseRefused as refused:
        messages.error(request, str(refused))
    return _back(request)


@enter(partner)
@require_POST
def takings_back(request: PartnerRequest, pulse_id: UUID) -> HttpResponse:
    """Keep one week of mine to myself again, while it is not open to both."""
    try:
        get_object_or_404(request.partner.pulses, pk=pulse_id).take_back(by=request.partner)
        messages.success(request, _("It is yours alone again."))
    except PulseRefused as refused:
        messages.error(request, str(refused))
    return _back(request)


def _back(request: PartnerRequest) -> HttpResponse:
    return redirect("felt_weeks" if request.POST.get("back") == "weeks" else "felt")
