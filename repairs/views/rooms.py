"""The list of repairs, and the room of one."""

from __future__ import annotations

from uuid import UUID

from django.forms.utils import ErrorList
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from couples.access import PartnerRequest, enter, partner
from couples.paging import ARCHIVE, page
from repairs.forms import BACK_IN, BEGIN_IN
from repairs.lines import lines
from repairs.models import Repair
from repairs.months import months
from repairs.room import Room
from repairs.terms import Stage


@enter(partner)
@require_safe
def repairs(request: PartnerRequest) -> HttpResponse:
    """What is open, my drafts, what has been mended, and parts sent alone."""
    me, after = request.partner, request.GET.get
    shared = me.couple.repairs
    mended = page(shared.mended(), newest_by="mended_on", after=after("mended", ""), size=ARCHIVE)
    sent = page(shared.sent(), newest_by="shared_at", after=after("sent", ""), size=ARCHIVE)
    shows = {
        "room": "repair",
        "open": lines(shared.open().order_by("resting", "-shared_at"), me=me, now=request.now),
        "drafts": list(shared.drafts_of(me)),
        "mended": mended,
        "sent": sent,
        "me": me,
        "other": me.other,
    }
    template = "repairs/repairs.html#list" if request.htmx else "repairs/repairs.html"
    return render(request, template, shows)


@enter(partner)
@require_safe
def over_time(request: PartnerRequest) -> HttpResponse:
    """How soon the two came back to each other over the months, and what held."""
    today = request.partner.couple.today(request.now)
    shows = {"room": "repair", "months": months(request.partner.couple, today=today)}
    return render(request, "repairs/over_time.html", shows)


@enter(partner)
@require_safe
def repair(request: PartnerRequest, repair_id: UUID) -> HttpResponse:
    """The room, or one's own draft."""
    visible = request.partner.couple.repairs.visible_to(request.partner)
    found = get_object_or_404(visible.select_related("third"), pk=repair_id)
    if not found.shared_at:
        return redirect("repair_draft", found.pk)
    return draw(request, found)


def draw(
    request: PartnerRequest,
    repair: Repair,
    *,
    problem: str = "",
    at: str = "",
) -> HttpResponse:
    """Return the room as the viewer sees it now, with a problem and what they typed, if any.

    The problem stands at the words of the step `at`, or above everything. What was typed is shown
    again where it can be sent, and beside it where it no longer can: nothing typed is lost.
    """
    repair.couple = request.partner.couple
    repair.author = next(p for p in repair.couple.together if p.pk == repair.author_id)
    if repair.third:
        repair.third.couple = repair.couple
    here = Room.enter(repair, request.partner, now=request.now)
    kind = request.POST.get("kind", "") if problem else ""
    typed = _typed(request) if problem else {}
    shows = {
        "room": "repair",
        "here": here,
        "problem": problem,
        "problem_at": ErrorList([problem]) if at and at in here.may else None,
        "typed": typed,
        "typed_for": kind if kind in here.may else "",
        "unsent": {} if kind in here.may else typed,
        "back_in": [{"value": value, "label": label} for value, label in BACK_IN],
        "begin_in": [{"value": value, "label": label} for value, label in BEGIN_IN],
        "sent": repair.stage == Stage.SENT,
    }
    template = "repairs/room.html#room" if request.htmx else "repairs/room.html"
    return render(request, template, shows, status=422 if problem else 200)


def _typed(request: PartnerRequest) -> dict[str, str]:
    typed = {name: request.POST.get(name, "") for name in ("words", "next_time")}
    return typed if any(typed.values()) else {}
