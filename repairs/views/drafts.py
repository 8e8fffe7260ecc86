"""A hurt before it is shared: one person's own words, on their own phone and sealed."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from repairs.forms import DraftForm
from repairs.models import ActRefused, Repair
from repairs.models.repair import Door


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PartnerRequest) -> HttpResponse:
    """Two doors, and a private draft behind either."""
    door = request.GET.get("door", "")
    before = {"door": door if door in Door.values else ""}
    form = DraftForm(posted(request), initial=before, keep="repair:new")
    if request.method == "POST" and form.is_valid():
        kept = Repair.draft(by=request.partner, **form.cleaned_data)
        return redirect("repair_draft", kept.pk)
    return _page(request, form)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """Read one's own draft again, and change it."""
    mine = _my_draft(request, repair_id)
    before = {"door": mine.door, "happened": mine.happened, "how_much": mine.how_much}
    form = DraftForm(posted(request), initial=before, keep=f"repair:{mine.pk}")
    if request.method == "POST" and form.is_valid():
        try:
            mine.rewrite(
                by=request.partner,
                happened=form.cleaned_data["happened"],
                how_much=form.cleaned_data["how_much"],
                door=form.cleaned_data["door"],
            )
            messages.success(request, _("Kept, for you alone."))
            return redirect("repair_draft", mine.pk)
        except ActRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, form, draft=mine)


@enter(partner)
@require_POST
def removal(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """Throw one's own draft away."""
    try:
        _my_draft(request, repair_id).throw_away(by=request.partner)
        messages.success(request, _("The draft is gone."))
    except ActRefused as refused:
        messages.error(request, str(refused))
    return redirect("repairs")


@enter(partner)
@require_POST
def invitation(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """Share a draft: the other sees an invitation and nothing more."""
    mine = get_object_or_404(request.partner.repairs.all(), pk=repair_id)
    mine.author = request.partner
    try:
        key = uuid.UUID(request.POST.get("client_key", ""))
        mine.invite(by=request.partner, client_key=key, now=request.now)
    except ValueError:
        messages.error(request, _("That did not reach us whole. Please tap once more."))
    except ActRefused as refused:
        messages.error(request, str(refused))
    # Thrown away on another phone meanwhile, it has no page any more.
    still_there = request.partner.repairs.filter(pk=mine.pk).exists()
    return redirect("repair", mine.pk) if still_there else redirect("repairs")


def _my_draft(request: PartnerRequest, repair_id: UUID) -> Repair:
    drafts = request.partner.couple.repairs.drafts_of(request.partner)
    mine: Repair = get_object_or_404(drafts, pk=repair_id)
    mine.author = request.partner
    return mine


def _page(request: PartnerRequest, form: DraftForm, *, draft: Repair | None = None) -> HttpResponse:
    shows: dict[str, Any] = {
        "room": "repair",
        "form": form,
        "draft": draft,
        "other": request.partner.other,
        "client_key": uuid.uuid4(),
    }
    return render(request, "repairs/draft.html", shows, status=422 if form.errors else 200)
