"""Repair: the list, a draft, the room, and one noun for each kind of step in it."""

from __future__ import annotations

from django.urls import path

from repairs.views import acts, drafts, rooms

urlpatterns = [
    path("", rooms.repairs, name="repairs"),
    path("new/", drafts.new, name="repair_new"),
    path("<uuid:repair_id>/", rooms.repair, name="repair"),
    path("<uuid:repair_id>/draft/", drafts.draft, name="repair_draft"),
    path("<uuid:repair_id>/removal/", drafts.removal, name="repair_removal"),
    path("<uuid:repair_id>/invitation/", drafts.invitation, name="repair_invitation"),
    *(
        path(f"<uuid:repair_id>/{noun}/", view, name=f"repair_{noun.replace('-', '_')}")
        for noun, view in acts.views()
    ),
]
