"""Asking first: the list, a new ask, one ask and its steps, and what touches both."""

from __future__ import annotations

from django.urls import path

from rituals.asks.views import acts as ask_acts
from rituals.asks.views import asks, matters

urlpatterns = [
    path("", asks.asks, name="asks"),
    path("older/", asks.older, name="asks_older"),
    path("new/", asks.new, name="ask_new"),
    path("matters/", matters.matters, name="ask_matters"),
    path("matters/<uuid:matter_id>/dropping/", matters.dropping, name="ask_matter_dropping"),
    path("<uuid:ask_id>/", asks.ask, name="ask"),
    path("<uuid:ask_id>/muting/", asks.muting, name="ask_muting"),
    path("<uuid:ask_id>/unmuting/", asks.unmuting, name="ask_unmuting"),
    *(path(f"<uuid:ask_id>/{noun}/", view, name=f"ask_{noun}") for noun, view in ask_acts.views()),
]
