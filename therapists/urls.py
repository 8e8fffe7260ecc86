"""The therapist's side under /practice/, and the partners' under /us/therapist/."""

from __future__ import annotations

from django.urls import path

from therapists.views import closings, invitations, opening, practice, sharing

urlpatterns = [
    path("practice/", practice.practice, name="practice"),
    path("practice/couples/<uuid:link_id>/", practice.couple, name="practice_couple"),
    path("practice/application/", practice.application, name="practice_application"),
    path("practice/invitations/", invitations.invitations, name="practice_invitations"),
    path(
        "practice/invitations/<uuid:link_id>/ending/",
        invitations.ending,
        name="practice_invitation_ending",
    ),
    path("practice/sharing/", closings.sharing, name="practice_sharing"),
    path("practice/links/<uuid:link_id>/closings/", closings.closings, name="practice_closings"),
    path("practice/links/<uuid:link_id>/ending/", closings.ending, name="practice_link_ending"),
    path(
        "practice/closings/<uuid:closing_id>/withdrawal/",
        closings.withdrawal,
        name="practice_closing_withdrawal",
    ),
    path("us/therapist/", sharing.therapist, name="us_therapist"),
    path("us/therapist/readings/", sharing.readings, name="us_therapist_readings"),
    path("us/therapist/acceptance/", sharing.acceptance, name="us_therapist_acceptance"),
    path(
        "us/therapist/acceptance/withdrawal/",
        sharing.acceptance_withdrawal,
        name="us_therapist_acceptance_withdrawal",
    ),
    path("us/therapist/consents/", sharing.consents, name="us_therapist_consents"),
    path(
        "us/therapist/consents/<uuid:consent_id>/withdrawal/",
        sharing.consent_withdrawal,
        name="us_therapist_consent_withdrawal",
    ),
    path("us/therapist/ending/", sharing.ending, name="us_therapist_ending"),
    path(
        "us/therapist/invitation/<str:token>/",
        opening.invitation,
        name="us_therapist_invitation",
    ),
]
