"""Who may enter the therapist's side.

A couple is reached only through `request.therapist.links…`: somebody else's is missing.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from couples.access import PersonRequest, elsewhere, person, second_factor
from therapists.models import Therapist


class TherapistRequest(PersonRequest):
    """A request by somebody with a practice, with the database's instant of its arrival."""

    therapist: Therapist
    now: datetime


def practitioner(request: HttpRequest) -> HttpResponseBase | None:
    """Whoever has asked for a therapist's account; sets `request.therapist` and `request.now`."""
    if refused := person(request):
        return refused
    if _find(request) is None:
        return elsewhere(request, reverse("practice_application"))
    return None


def therapist(request: HttpRequest) -> HttpResponseBase | None:
    """Verified therapists who have shown a second factor in this session.

    In a demo on one's own machine no second factor is asked for, and a banner says so.
    """
    if refused := practitioner(request):
        return refused
    practice: Therapist = request.therapist  # type: ignore[attr-defined]
    if practice.verified_at is None:
        return elsewhere(request, reverse("practice_application"))
    why = _("Couples trust you with a lot. Please set up a second factor here first.")
    return None if settings.DEMO else second_factor(request, why=why, back=reverse("practice"))


def home(request: PersonRequest) -> str | None:
    """Return where a therapist without a couple belongs, or None for everybody else."""
    mine = Therapist.objects.filter(person=request.user.pk).exists()
    return reverse("practice") if mine else None


def _find(request: HttpRequest) -> Therapist | None:
    related = Therapist.objects.select_related("person__key").annotate(now=Now())
    found = related.filter(person=request.user.pk).first()
    if found:
        request.therapist, request.now = found, found.now  # type: ignore[attr-defined]
    return found
