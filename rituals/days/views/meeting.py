"""When we meet again: a word at the goodbye."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from rituals.days.forms import MeetingForm
from rituals.days.models.meeting import MeetingWordRefused
from rituals.models import MeetingWord


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: PartnerRequest) -> HttpResponse:
    """Say it, or say it anew; empty takes it back."""
    me = request.partner
    said: MeetingWord | None = getattr(me, "meeting_word", None)
    form = MeetingForm(posted(request), initial={"words": said.words if said else ""})
    if request.method == "POST" and form.is_valid():
        try:
            MeetingWord.say(by=me, words=form.cleaned_data["words"], now=request.now)
            return redirect("today")
        except MeetingWordRefused as refused:
            form.add_error("words", str(refused))
    shows = {"room": "today", "form": form}
    return render(request, "rituals/meeting.html", shows, status=422 if form.errors else 200)
