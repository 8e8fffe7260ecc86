"""Inviting couples by link."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import enter
from couples.forms import posted
from therapists.access import TherapistRequest, therapist
from therapists.forms import InvitationForm
from therapists.models import LinkRefused, TherapistLink
from therapists.views.desk import desk


@enter(therapist)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: TherapistRequest) -> HttpResponse:
    """Invite a couple, and see the links that are out."""
    form = InvitationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        policy = form.cleaned_data["secrets_policy"]
        try:
            TherapistLink.invite(by=request.therapist, secrets_policy=policy, now=request.now)
        except LinkRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The link is ready. Send it to the couple yourself."))
        return redirect("practice_invitations")
    shows = desk(request, here="practice_invitations", form=form, sent=_sent(request))
    status = 422 if form.errors else 200
    return render(request, "therapists/invitations.html", shows, status=status)


@enter(therapist)
@require_POST
def ending(request: TherapistRequest, link_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    link = get_object_or_404(request.therapist.links.sent(request.now), pk=link_id)
    try:
        link.end(by=request.therapist, now=request.now)
    except LinkRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation is taken back. Its link opens nothing."))
    return redirect("practice_invitations")


def _sent(request: TherapistRequest) -> list[dict[str, object]]:
    """The therapist's own links with their addresses, newest first."""
    sent = []
    for link in request.therapist.links.sent(request.now).order_by("-expires_at"):
        link.therapist = request.therapist
        path = reverse("us_therapist_invitation", args=[link.token])
        sent.append({"link": link, "url": request.build_absolute_uri(path)})
    return sent
