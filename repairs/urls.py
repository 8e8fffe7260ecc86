"""Repair: the list, a draft, the room, and one noun for each kind of step in it."""

from __future__ import annotations

from django.urls import path

from repairs.views import acts, drafts, parts, rooms

urlpatterns = [
    path("", rooms.repairs, name="repairs"),
    path("over-time/", rooms.over_time, name="repairs_over_time"),
    path("new/", drafts.new, name="repair_new"),
    path("small/", parts.small, name="repair_small"),
    path("part/", parts.alone, name="repair_part"),
    path("<uuid:repair_id>/", rooms.repair, name="repair"),
    path("<uuid:repair_id>/draft/", drafts.draft, name="repair_draft"),
    path("<uuid:repair_id>/removal/", drafts.removal, name="repair_removal"),
    *(
        path(f"<uuid:repair_id>/{noun}/", view, name=f"repair_{noun.replace('-', '_')}")
        for noun, view in acts.views()
    ),
]
