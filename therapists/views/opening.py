"""A therapist's invitation, as a partner finds it behind the link."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PersonRequest, enter, find_partner, person
from couples.clock import database_now
from couples.models import Partner
from couples.views.start import other_home
from therapists.models import LinkRefused, TherapistLink


@enter(person)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: PersonRequest, token: str) -> HttpResponse:
    """Show who invites; bring it before the couple by POST alone, as previews only ever GET.

    Whoever cannot is told why and as whom they are signed in, and finds no button for it.
    """
    place, now = find_partner(request), database_now()
    shows: dict[str, object] = {"room": "us" if place else "", "token": token}
    try:
        link = TherapistLink.find(token, now=now)
    except TherapistLink.DoesNotExist:
        return render(request, "therapists/invitation_closed.html", shows, status=404)
    shows["link"] = link
    if place is None or (request.method != "POST" and link.why_not(place, now=now)):
        return _not_theirs(request, link, place, now=now)
    if request.method != "POST":
        return render(request, "therapists/invitation.html", shows)
    try:
        link.open_to(by=place, now=now)
    except LinkRefused as refused:
        messages.error(request, str(refused))
        return _not_theirs(request, link, place, now=now)
    messages.success(request, _("Both of you find it here now. Nothing is shared yet."))
    return redirect("us_therapist")


def _not_theirs(
    request: PersonRequest, link: TherapistLink, place: Partner | None, *, now: datetime
) -> HttpResponse:
    """Say why the one who is signed in cannot open it, and how to come back as somebody else."""
    own = link.therapist.person_id == request.user.pk
    shows = {
        "own": own,
        "why": link.why_not(place, now=now) if place and not own else "",
        "desk": None if place else other_home(request),
        "home": reverse("today"),
        "room": "us" if place else "",
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "therapists/invitation_other.html", shows, status=status)
