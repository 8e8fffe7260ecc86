"""One's own manual."""

from __future__ import annotations

from django.urls import path

from couples.manual import views as manual

urlpatterns = [
    path("", manual.manual, name="manual"),
    path("new/", manual.new, name="manual_new"),
    path("<uuid:entry_id>/", manual.entry, name="manual_entry"),
    path("<uuid:entry_id>/removal/", manual.removal, name="manual_removal"),
]
