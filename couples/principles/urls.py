"""Principles: the list, one of them, its wordings and names under them."""

from __future__ import annotations

from django.urls import path

from couples.principles import views as principles

urlpatterns = [
    path("", principles.principles, name="principles"),
    path("shelf/", principles.shelf, name="principle_shelf"),
    path("new/", principles.proposal, name="principle_new"),
    path("<uuid:agreement_id>/", principles.principle, name="principle"),
    path("<uuid:agreement_id>/wordings/", principles.wordings, name="principle_wordings"),
    path("<uuid:agreement_id>/history/", principles.history, name="principle_history"),
    path(
        "wordings/<uuid:version_id>/signatures/", principles.signatures, name="principle_signatures"
    ),
    path(
        "wordings/<uuid:version_id>/withdrawals/",
        principles.withdrawals,
        name="principle_withdrawals",
    ),
]
