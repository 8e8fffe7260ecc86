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
from couples.repeats import sent_once
from repairs.forms import DraftForm
from repairs.models import ActRefused, Door, Repair


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new(request: PartnerRequest) -> HttpResponse:
    """Two doors; behind either a private draft, or an invitation at once."""
    door = request.GET.get("door", "")
    before = {"door": door if door in Door.values else "", "client_key": uuid.uuid4()}
    form = DraftForm(posted(request), initial=before, me=request.partner, keep="repair:new")
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        try:
            kept = Repair.draft(by=request.partner, client_key=key, **form.opening)
            return _kept(request, kept, key)
        except ActRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, form)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """Read one's own words again, change them until the other can read them, and share them."""
    mine = _mine(request, repair_id)
    if mine.is_read and request.method != "POST":
        return redirect("repair", mine.pk)
    names = ("door", "happened", "how_much")
    before = {
        **{name: getattr(mine, name) for name in names},
        "part_of_it": str(mine.third_id or ""),
    }
    before["client_key"] = uuid.uuid4()
    form = DraftForm(posted(request), initial=before, me=request.partner, keep=f"repair:{mine.pk}")
    if form.is_valid():
        try:
            mine.rewrite(by=request.partner, **form.opening)
            return _kept(request, mine, form.cleaned_data["client_key"])
        except ActRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, form, draft=mine)


@enter(partner)
@require_POST
@sent_once
def removal(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """Throw one's own draft away."""
    try:
        _mine(request, repair_id).throw_away(by=request.partner)
        messages.success(request, _("The draft is gone."))
    except ActRefused as refused:
        messages.error(request, str(refused))
    return redirect("repairs")


def _kept(request: PartnerRequest, mine: Repair, key: uuid.UUID) -> HttpResponse:
    """Share what has just been kept, where that was asked for; refused, it waits as a draft."""
    if mine.shared_at:  # by a tap that was sent twice, on another phone, or changed since
        return redirect("repair", mine.pk)
    if "share" not in request.POST:
        messages.success(request, _("Kept, for you alone."))
        return redirect("repair_draft", mine.pk)
    try:
        mine.invite(by=request.partner, client_key=key, now=request.now)
    except ActRefused as refused:
        messages.error(request, str(refused))
    return redirect("repair", mine.pk)


def _mine(request: PartnerRequest, repair_id: UUID) -> Repair:
    mine: Repair = get_object_or_404(request.partner.repairs.all(), pk=repair_id)
    mine.author, mine.couple = request.partner, request.partner.couple
    return mine


def _page(request: PartnerRequest, form: DraftForm, *, draft: Repair | None = None) -> HttpResponse:
    shows: dict[str, Any] = {
        "room": "repair",
        "form": form,
        "draft": draft,
        "busy": request.partner.couple.repairs.under_way().exists(),
        "other": request.partner.other,
    }
    return render(request, "repairs/draft.html", shows, status=422 if form.errors else 200)
