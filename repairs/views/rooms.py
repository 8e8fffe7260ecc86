"""The list of repairs, and the room of one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from repairs.forms import BACK_IN, BEGIN_IN
from repairs.models import Repair
from repairs.room import Room

LATEST = 20
"""Mended repairs that the list shows."""


@enter(partner)
@require_safe
def repairs(request: PartnerRequest) -> HttpResponse:
    """What is open, my drafts, and what has been mended."""
    me = request.partner
    shared = me.couple.repairs.filter(shared_at__isnull=False).order_by("-shared_at")
    shows = {
        "room": "repair",
        "open": list(shared.filter(mended_on=None)),
        "drafts": list(me.couple.repairs.drafts_of(me)),
        "mended": list(shared.exclude(mended_on=None)[:LATEST]),
        "paired": me.couple.paired,
        "other": me.other,
    }
    template = "repairs/repairs.html#list" if request.htmx else "repairs/repairs.html"
    return render(request, template, shows)


@enter(partner)
@require_safe
def repair(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """The room, or one's own draft."""
    visible = request.partner.couple.repairs.visible_to(request.partner)
    found = get_object_or_404(visible, pk=repair_id)
    if not found.shared_at:
        return redirect("repair_draft", found.pk)
    return draw(request, found)


def draw(
    request: PartnerRequest, repair: Repair, *, problem: str = "", typed: str = ""
) -> HttpResponse:
    """Return the room as the viewer sees it now, with a problem and what they typed, if any."""
    repair.couple = request.partner.couple
    repair.author = next(p for p in repair.couple.together if p.pk == repair.author_id)
    shows = {
        "room": "repair",
        "here": Room.enter(repair, request.partner),
        "problem": problem,
        "typed": typed,
        "back_in": [{"value": value, "label": label} for value, label in BACK_IN],
        "begin_in": [{"value": value, "label": label} for value, label in BEGIN_IN],
    }
    template = "repairs/room.html#room" if request.htmx else "repairs/room.html"
    return render(request, template, shows, status=422 if problem else 200)
