"""Beginning with one's own part: a small repair, and a part sent alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from couples.repeats import sent_once
from repairs.forms import PartForm
from repairs.hints import hints
from repairs.models import ActRefused, Repair
from repairs.terms import Kind


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def small(request: PartnerRequest) -> HttpResponse:
    """A small repair: my part, us, safe again; it begins with mine."""
    return _begin(request, Kind.SMALL)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def alone(request: PartnerRequest) -> HttpResponse:
    """My part, sent without asking for anything."""
    return _begin(request, Kind.SEND)


def _begin(request: PartnerRequest, kind: Kind) -> HttpResponse:
    is_small = kind is Kind.SMALL
    before, keep = {"client_key": uuid.uuid4()}, f"repair:{kind.value}"
    form = PartForm(posted(request), initial=before, small=is_small, keep=keep)
    if form.is_valid() and "share" not in request.POST:
        form.add_error(None, _("Nothing has been shared yet. The last button shares it."))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            made = Repair.begin(
                kind,
                typed["words"],
                by=request.partner,
                client_key=typed["client_key"],
                about=typed.get("about", ""),
                next_time=typed["next_time"],
                now=request.now,
            )
            return redirect("repair", made.pk)
        except ActRefused as refused:
            form.add_error(None, str(refused))
    shows: dict[str, Any] = {
        "room": "repair",
        "form": form,
        "small": is_small,
        "hints": hints(),
        "keep": keep,
    }
    shows |= {"other": request.partner.other, "words_keep": f"{keep}:words"}
    return render(request, "repairs/part.html", shows, status=422 if form.errors else 200)
