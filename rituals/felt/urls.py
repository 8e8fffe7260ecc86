"""How safe it feels: the pulse, the weeks, the scales."""

from __future__ import annotations

from django.urls import path

from rituals.felt.scales import definitions
from rituals.felt.views import felt, scales

urlpatterns = [
    path("pulse/", felt.pulse, name="felt_pulse"),
    path("weeks/", felt.weeks, name="felt_weeks"),
    *(
        path(f"{key}/", scales.scale, {"key": key}, name=f"felt_scale_{key}")
        for key in definitions()
    ),
    path("<uuid:measure_id>/removal/", scales.removal, name="felt_measure_removal"),
    path("<uuid:measure_id>/showings/", scales.showings, name="felt_measure_showings"),
    path("<uuid:measure_id>/hidings/", scales.hidings, name="felt_measure_hidings"),
    path("<uuid:pulse_id>/sharings/", felt.sharings, name="felt_sharings"),
    path("<uuid:pulse_id>/takings-back/", felt.takings_back, name="felt_takings_back"),
]
