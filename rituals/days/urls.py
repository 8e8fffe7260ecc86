"""Rituals, marks, the calendar, and rest."""

from __future__ import annotations

from django.urls import path

from rituals.days.views import approaches, calendar, days, designer, marks, meeting, rest, rituals

urlpatterns = [
    path("", rituals.rituals, name="rituals"),
    path("new/", designer.new, name="ritual_new"),
    path("calendar/", calendar.calendar, name="ritual_calendar"),
    path("days/", days.days, name="couple_days"),
    path("meeting/", meeting.meeting, name="meeting"),
    path("rest/", rest.rests, name="rests"),
    path("rest/<uuid:rest_id>/ending/", rest.ending, name="rest_ending"),
    path("<uuid:ritual_id>/", designer.ritual, name="ritual"),
    path("<uuid:ritual_id>/weekdays/", designer.weekdays, name="ritual_weekdays"),
    path("<uuid:ritual_id>/ending/", designer.ending, name="ritual_ending"),
    path("<uuid:ritual_id>/taking-up/", designer.taking_up, name="ritual_taking_up"),
    path("<uuid:ritual_id>/leaving/", designer.leaving, name="ritual_leaving"),
    path("<uuid:ritual_id>/time/", rituals.time, name="ritual_time"),
    path("<uuid:ritual_id>/marks/", marks.marks, name="ritual_marks"),
    path("marks/<uuid:mark_id>/", marks.mark, name="mark"),
    path("marks/<uuid:mark_id>/manner/", marks.manner, name="mark_manner"),
    path("marks/<uuid:mark_id>/taking-back/", marks.taking_back, name="mark_taking_back"),
    path("approaches/", approaches.approaches, name="approaches"),
    path("approaches/taking-back/", approaches.taking_back, name="approach_taking_back"),
]
