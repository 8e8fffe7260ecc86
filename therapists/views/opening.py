"""A therapist's invitation, as a partner finds it behind the link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from therapists.models import LinkRefused, TherapistLink


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: PartnerRequest, token: str) -> HttpResponse:
    """Show who invites; bring it before the couple by POST alone, as previews only ever GET."""
    shows: dict[str, object] = {"room": "us", "token": token}
    try:
        link = TherapistLink.find(token, now=request.now)
    except TherapistLink.DoesNotExist:
        return render(request, "therapists/invitation_closed.html", shows, status=404)
    if request.method != "POST":
        return render(request, "therapists/invitation.html", {**shows, "link": link})
    try:
        link.open_to(by=request.partner, now=request.now)
    except LinkRefused as refused:
        messages.error(request, str(refused))
        return render(request, "therapists/invitation.html", {**shows, "link": link}, status=409)
    messages.success(request, _("Both of you find it here now. Nothing is shared yet."))
    return redirect("us_therapist")
