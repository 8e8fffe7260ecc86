"""What the two write down in their time together, and what they say while they talk."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from couples.access import PartnerRequest, enter, partner
from couples.repeats import sent_once
from rituals.appreciations.models import AppreciationRefused
from rituals.asks.forms import AppreciationForm
from rituals.meetings.agenda import Topics
from rituals.meetings.forms import DecisionForm, KeyForm
from rituals.meetings.models.meeting import MeetingRefused
from rituals.meetings.page import Typed
from rituals.meetings.views.meetings import after, draw, first_problem, ours
from rituals.models import Appreciation, Decision, MeetingItem
from rituals.topics.flow import Kind
from rituals.topics.models.topic import TopicRefused
from rituals.topics.views.topics import raised


@enter(partner)
@require_POST
@sent_once
def decisions(request: PartnerRequest, item_id: UUID) -> HttpResponse:
    """Keep what was decided about an item, also when the two have moved on meanwhile."""
    item = _item(request, item_id)
    form, typed = DecisionForm(request.POST), Typed(item.pk, request.POST.get("words", ""))
    if not form.is_valid():
        return draw(request, problem=first_problem(form), typed=typed)
    try:
        Decision.keep(item=item, by=request.partner, now=request.now, **form.cleaned_data)
    except MeetingRefused as refused:
        return draw(request, problem=str(refused), typed=typed)
    return after(request)


@enter(partner)
@require_POST
def strikings(request: PartnerRequest, decision_id: UUID) -> HttpResponse:
    """Take a decision back, for both."""
    mine = request.partner.couple.decisions
    found: Decision = get_object_or_404(mine.all(), pk=decision_id)
    found.strike(by=request.partner, now=request.now)
    return redirect("our_time_past") if request.POST.get("then") == "past" else after(request)


@enter(partner)
@require_POST
def closings(request: PartnerRequest, item_id: UUID) -> HttpResponse:
    """Say of the topic under an item that we have dealt with it."""
    item = _item(request, item_id, kind=Topics.kind, subject__isnull=False)
    topic = raised(request, cast("UUID", item.subject))
    form = KeyForm(request.POST)
    if not form.is_valid():
        return draw(request, problem=first_problem(form))
    key = form.cleaned_data["client_key"]
    try:
        topic.act(Kind.DEALT, by=request.partner, client_key=key, now=request.now)
    except TopicRefused as refused:
        return draw(request, problem=str(refused))
    return after(request)


@enter(partner)
@require_POST
@sent_once
def thanks(request: PartnerRequest, meeting_id: UUID) -> HttpResponse:
    """Say one line of appreciation, as on its own page."""
    meeting = ours(request, meeting_id)
    form, typed = AppreciationForm(request.POST), Typed(meeting.pk, request.POST.get("words", ""))
    if not form.is_valid():
        return draw(request, problem=first_problem(form), typed=typed)
    try:
        Appreciation.say(by=request.partner, now=request.now, **form.cleaned_data)
    except AppreciationRefused as refused:
        return draw(request, problem=str(refused), typed=typed)
    return after(request)


def _item(request: PartnerRequest, item_id: UUID, **having: object) -> MeetingItem:
    """Return an item of a meeting of the viewer's couple; anybody else's is missing."""
    mine = request.partner.couple.meeting_items.select_related("meeting")
    found: MeetingItem = get_object_or_404(mine, pk=item_id, **having)
    found.couple = found.meeting.couple = request.partner.couple
    return found
