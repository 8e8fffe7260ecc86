"""Rest: days on which nothing is asked of the two."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from couples.paging import page
from rituals.days.forms import RestForm
from rituals.models import RestRange, RestRefused


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def rests(request: PartnerRequest) -> HttpResponse:
    """The couple's rests, newest first, and a form for another."""
    couple = request.partner.couple
    today = couple.today(request.now)
    form = RestForm(posted(request), initial={"first": today})
    if request.method == "POST" and form.is_valid():
        try:
            RestRange.enter(by=request.partner, now=request.now, **form.cleaned_data)
        except RestRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept. These days do not count, and nothing reminds you."))
            return redirect("rests")
    shows = {
        "room": "us",
        "form": form,
        "today": today,
        "page": page(
            couple.rests.standing(), newest_by="first_day", after=request.GET.get("after", "")
        ),
    }
    return render(request, "rituals/rests.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
def ending(request: PartnerRequest, rest_id: UUID) -> HttpResponse:
    """Rest no longer, from today on."""
    rest = get_object_or_404(request.partner.couple.rests.standing(), pk=rest_id)
    rest.end(by=request.partner, now=request.now)
    messages.success(request, _("Kept. Days that you rested stay as they were."))
    return redirect("rests")
