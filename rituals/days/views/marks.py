"""The taps of every day."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, enter, partner
from couples.cards import board
from couples.forms import posted
from rituals.days.forms import DescribeForm, MannerForm, MarkForm
from rituals.models import Mark, MarkRefused


@enter(partner)
@require_POST
def marks(request: PartnerRequest, ritual_id: UUID) -> HttpResponse:
    """Mark a ritual for oneself."""
    me = request.partner
    ritual = get_object_or_404(me.couple.rituals.live_for(me), pk=ritual_id)
    form = MarkForm(request.POST)
    if form.is_valid():
        tap = form.cleaned_data
        tap["how"] = tap["how"] or form.fields["how"].choices[0][0]  # type: ignore[attr-defined]
        try:
            mark = Mark.make(by=request.partner, ritual=ritual, now=request.now, **tap)
            _say_of_an_earlier_day(request, mark, _("Kept for %(day)s. A new day has begun."))
        except MarkRefused as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, _("That did not reach us whole. Please tap once more."))
    return _back(request)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: PartnerRequest, mark_id: UUID) -> HttpResponse:
    """My own mark: in person or apart, and a line of mine."""
    mark = _mine(request, mark_id)
    form = DescribeForm(posted(request), initial={"how": mark.how, "line": mark.line})
    if form.is_valid():
        try:
            mark.describe(by=request.partner, now=request.now, **form.cleaned_data)
            return redirect("today")
        except MarkRefused as refused:
            form.add_error(None, str(refused))  # and the line is still there to be copied
    shows = {"room": "today", "mark": mark, "form": form}
    return render(request, "rituals/describe.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
def manner(request: PartnerRequest, mark_id: UUID) -> HttpResponse:
    """Say with one tap whether the two were in one place."""
    mark = _mine(request, mark_id)
    form = MannerForm(request.POST)
    if form.is_valid():
        try:
            how = form.cleaned_data["how"]
            mark.describe(by=request.partner, how=how, line=mark.line, now=request.now)
            _say_of_an_earlier_day(request, mark, _("Kept for %(day)s. A new day has begun."))
        except MarkRefused as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, _("That did not reach us whole. Please tap once more."))
    return _back(request)


@enter(partner)
@require_POST
def taking_back(request: PartnerRequest, mark_id: UUID) -> HttpResponse:
    """Take back one's own mark."""
    mark = _mine(request, mark_id, taken_back=True)
    try:
        mark.take_back(by=request.partner, now=request.now)
        _say_of_an_earlier_day(request, mark, _("Taken back for %(day)s. A new day has begun."))
    except MarkRefused as refused:
        messages.error(request, str(refused))
    return _back(request)


def _mine(request: PartnerRequest, mark_id: UUID, *, taken_back: bool = False) -> Mark:
    mine = request.partner.marks.select_related("moment__ritual", "moment__couple")
    marks = mine if taken_back else mine.standing()
    mark: Mark = get_object_or_404(marks, pk=mark_id)
    mark.partner = request.partner  # brings the key that opens the line
    mark.moment.ritual.couple = request.partner.couple
    return mark


def _say_of_an_earlier_day(request: PartnerRequest, mark: Mark, words: str) -> None:
    """Say for which day a tap was that comes from a page, or a phone, of a day that is over."""
    day = mark.moment.date
    if day < request.partner.couple.today(request.now) and not _on_calendar(request):
        messages.info(request, words % {"day": date_format(day, "l j F")})


def _on_calendar(request: PartnerRequest) -> bool:
    """True where the day was chosen."""
    return request.POST.get("back") == "calendar"


def _back(request: PartnerRequest) -> HttpResponse:
    """Return to where the tap was made: to the calendar, or to what Today shows now."""
    if _on_calendar(request):
        return redirect("ritual_calendar")
    return board(request) if request.htmx else redirect("today")
