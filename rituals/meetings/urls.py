"""Our time: the agenda and the meeting on one page, and what was decided before."""

from __future__ import annotations

from django.urls import path

from rituals.meetings.views import decisions
from rituals.meetings.views import meetings as our_time

urlpatterns = [
    path("", our_time.our_time, name="our_time"),
    path("past/", our_time.past, name="our_time_past"),
    path("beginnings/", our_time.beginnings, name="our_time_beginnings"),
    path("<uuid:meeting_id>/steps/", our_time.steps, name="our_time_steps"),
    path("<uuid:meeting_id>/endings/", our_time.endings, name="our_time_endings"),
    path("<uuid:meeting_id>/thanks/", decisions.thanks, name="our_time_thanks"),
    path("items/<uuid:item_id>/closings/", decisions.closings, name="our_time_closings"),
    path("items/<uuid:item_id>/decisions/", decisions.decisions, name="our_time_decisions"),
    path("decisions/<uuid:decision_id>/strikings/", decisions.strikings, name="decision_strikings"),
]
