"""Our time: the agenda, the meeting that walks along it, and what was decided before."""

from __future__ import annotations

from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.paging import ARCHIVE, page
from rituals.meetings.decided import discussed, with_decisions
from rituals.meetings.flow import Kind
from rituals.meetings.forms import KeyForm, StepForm
from rituals.meetings.page import Room, Typed, before
from rituals.models import Meeting, MeetingRefused


@enter(partner)
@require_safe
def our_time(request: PartnerRequest) -> HttpResponse:
    """The meeting under way, or what there is to talk about now."""
    return draw(request)


@enter(partner)
@require_POST
def beginnings(request: PartnerRequest) -> HttpResponse:
    """Begin; both phones show the first item."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return draw(request, problem=first_problem(form))
    try:
        Meeting.begin(by=request.partner, now=request.now, **form.cleaned_data)
    except MeetingRefused as refused:
        return draw(request, problem=str(refused))
    return after(request)


@enter(partner)
@require_POST
def steps(request: PartnerRequest, meeting_id: UUID) -> HttpResponse:
    """Move on or go back, for both phones; one that comes late shows where the two are."""
    found = ours(request, meeting_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return draw(request, problem=first_problem(form))
    kind, answers = Kind(form.cleaned_data["to"]), form.cleaned_data["answers"]
    try:
        found.move(kind, by=request.partner, answers=answers, now=request.now)
    except MeetingRefused as refused:
        return draw(request, problem=str(refused))
    return after(request)


@enter(partner)
@require_POST
def endings(request: PartnerRequest, meeting_id: UUID) -> HttpResponse:
    """End it; what was not talked about comes again next time."""
    ours(request, meeting_id).move(Kind.END, by=request.partner, now=request.now)
    return after(request)


@enter(partner)
@require_safe
def past(request: PartnerRequest) -> HttpResponse:
    """The days on which the two met like this, and what they decided."""
    me = request.partner
    found = page(
        me.couple.meetings.over(request.now),
        newest_by="began_at",
        after=request.GET.get("after", ""),
        size=ARCHIVE,
    )
    rows = me.couple.meeting_items.filter(meeting__in=found.rows, decisions__isnull=False)
    items = discussed(with_decisions(rows.distinct()), me=me)
    met = [
        {
            "day": each.last_day(me.couple),
            "discussed": [one for one in items if one.item.meeting_id == each.pk],
        }
        for each in found.rows
    ]
    shows = {"room": "us", "met": met, "after": found.after}
    return render(request, "our_time/past.html", shows)


def ours(request: PartnerRequest, meeting_id: UUID) -> Meeting:
    """Return a meeting of the viewer's couple; anybody else's is missing."""
    found: Meeting = get_object_or_404(request.partner.couple.meetings.all(), pk=meeting_id)
    found.couple = request.partner.couple
    return found


def first_problem(form: Form) -> str:
    """Return what is not right yet, in one sentence."""
    return next(str(message) for messages in form.errors.values() for message in messages)


def after(request: PartnerRequest) -> HttpResponse:
    """Return where the two are after a tap: the part that changed, or the whole page anew."""
    return draw(request) if request.htmx else redirect("our_time")


def draw(request: PartnerRequest, *, problem: str = "", typed: Typed | None = None) -> HttpResponse:
    """Return the page as the viewer sees it now, with a problem and what they typed, if any."""
    me, now = request.partner, request.now
    latest = me.couple.meetings.order_by("-began_at").first()
    shows: dict[str, object] = {"room": "us", "problem": problem, "other": me.other, "typed": typed}
    if latest and latest.is_fresh(me.couple, now):
        shows["here"] = here = Room.enter(request, latest)
        shows |= before(request) if here.state.over else {}
    else:
        shows |= before(request)
    template = "our_time/our_time.html#part" if request.htmx else "our_time/our_time.html"
    return render(request, template, shows, status=422 if problem else 200)
