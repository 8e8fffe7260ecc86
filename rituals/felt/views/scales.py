"""Published scales: answering one, and one's own results."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from couples.repeats import sent_once
from rituals.felt.confidant import confidant
from rituals.felt.forms import ScaleForm
from rituals.felt.models.scale_wording import offered
from rituals.felt.scale_page import ScalePage
from rituals.models import Measure, MeasureRefused


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def scale(request: PartnerRequest, key: str) -> HttpResponse:
    """One scale, while it is offered here: its items once they are due, and my results."""
    me = request.partner
    wording = next((each for each in offered() if each.scale == key), None)
    if wording is None:
        raise Http404
    form = ScaleForm(posted(request), wording=wording)
    if form.is_valid():
        try:
            tap = form.cleaned_data["client_key"]
            Measure.take(wording, form.answers, by=me, client_key=tap, now=request.now)
            messages.success(request, _("Kept, for you alone."))
            return redirect(request.path)
        except MeasureRefused as refused:
            form.add_error(None, str(refused))
    here = ScalePage.of(wording, me, after=request.GET.get("after", ""))
    shows = {"room": "us", "here": here, "form": form, "client_key": uuid.uuid4()}
    shows["confidant"] = confidant(me)
    shows["open"] = form.is_bound or here.open_on(me.couple.today(request.now))
    return render(request, "felt/scale.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
@sent_once
def removal(request: PartnerRequest, measure_id: UUID) -> HttpResponse:
    """Throw one result away for good."""
    get_object_or_404(request.partner.measures, pk=measure_id).throw_away()
    messages.success(request, _("It is gone."))
    return redirect("felt")


@enter(partner)
@require_POST
def showings(request: PartnerRequest, measure_id: UUID) -> HttpResponse:
    """Show one result to the couple's therapist, if results can be shown to them."""
    mine = get_object_or_404(request.partner.measures, pk=measure_id)
    reader = confidant(request.partner)
    if reader and reader.reads:
        mine.show(by=request.partner, now=request.now)
        messages.success(request, _("Shown. You can hide it again whenever you like."))
    else:
        messages.error(request, _("There is nobody here it could be shown to."))
    return _back(mine)


@enter(partner)
@require_POST
def hidings(request: PartnerRequest, measure_id: UUID) -> HttpResponse:
    """Hide one result from the therapist again; never asks for anything first."""
    mine = get_object_or_404(request.partner.measures, pk=measure_id)
    mine.hide(by=request.partner)
    messages.success(request, _("Not shown any more."))
    return _back(mine)


def _back(measure: Measure) -> HttpResponse:
    """Return to the page of its scale, or, when that is offered no more, to the one before."""
    known = any(each.scale == measure.scale for each in offered())
    return redirect(f"felt_scale_{measure.scale}") if known else redirect("felt")
