"""Rituals: the page about them, and the taps of every day."""

from __future__ import annotations

from django.urls import include, path

from rituals.scales import definitions
from rituals.views import (
    appreciations,
    approaches,
    calendar,
    days,
    designer,
    felt,
    good_days,
    marks,
    meeting,
    practice,
    rest,
    rituals,
    scales,
)

urlpatterns = [
    path("asks/", include("rituals.ask_urls")),
    path("topics/", include("rituals.topic_urls")),
    path("our-time/", include("rituals.our_time_urls")),
    path("appreciations/", appreciations.appreciations, name="appreciations"),
    path("us/felt/", felt.felt, name="felt"),
    path("us/felt/pulse/", felt.pulse, name="felt_pulse"),
    path("us/felt/weeks/", felt.weeks, name="felt_weeks"),
    *(
        path(f"us/felt/{key}/", scales.scale, {"key": key}, name=f"felt_scale_{key}")
        for key in definitions()
    ),
    path("us/felt/<uuid:measure_id>/removal/", scales.removal, name="felt_measure_removal"),
    path("us/felt/<uuid:measure_id>/showings/", scales.showings, name="felt_measure_showings"),
    path("us/felt/<uuid:measure_id>/hidings/", scales.hidings, name="felt_measure_hidings"),
    path("us/felt/<uuid:pulse_id>/sharings/", felt.sharings, name="felt_sharings"),
    path("us/felt/<uuid:pulse_id>/takings-back/", felt.takings_back, name="felt_takings_back"),
    path("rituals/", rituals.rituals, name="rituals"),
    path("rituals/new/", designer.new, name="ritual_new"),
    path("rituals/calendar/", calendar.calendar, name="ritual_calendar"),
    path("me/practice/", practice.practice, name="my_practice"),
    path("rituals/days/", days.days, name="couple_days"),
    path("rituals/meeting/", meeting.meeting, name="meeting"),
    path("rituals/good-days/", good_days.good_days, name="good_days"),
    path("rituals/rest/", rest.rests, name="rests"),
    path("rituals/rest/<uuid:rest_id>/ending/", rest.ending, name="rest_ending"),
    path("rituals/<uuid:ritual_id>/", designer.ritual, name="ritual"),
    path("rituals/<uuid:ritual_id>/weekdays/", designer.weekdays, name="ritual_weekdays"),
    path("rituals/<uuid:ritual_id>/ending/", designer.ending, name="ritual_ending"),
    path("rituals/<uuid:ritual_id>/taking-up/", designer.taking_up, name="ritual_taking_up"),
    path("rituals/<uuid:ritual_id>/leaving/", designer.leaving, name="ritual_leaving"),
    path("rituals/<uuid:ritual_id>/time/", rituals.time, name="ritual_time"),
    path("rituals/<uuid:ritual_id>/marks/", marks.marks, name="ritual_marks"),
    path("rituals/marks/<uuid:mark_id>/", marks.mark, name="mark"),
    path("rituals/marks/<uuid:mark_id>/manner/", marks.manner, name="mark_manner"),
    path("rituals/marks/<uuid:mark_id>/taking-back/", marks.taking_back, name="mark_taking_back"),
    path("rituals/approaches/", approaches.approaches, name="approaches"),
    path("rituals/approaches/taking-back/", approaches.taking_back, name="approach_taking_back"),
]
