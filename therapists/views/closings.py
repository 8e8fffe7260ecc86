"""What is open to the therapist, and what they would rather not see."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from couples.access import enter
from therapists.access import TherapistRequest, therapist
from therapists.caseload import links_of, names_of
from therapists.forms import ClosingForm
from therapists.models import Closing, LinkRefused, Reading, Scope, TherapistLink
from therapists.models.reading import What
from therapists.views.desk import desk


@enter(therapist)
@require_safe
def sharing(request: TherapistRequest) -> HttpResponse:
    """Each couple with what it shares. It is logged like every page that names a couple."""
    with transaction.atomic():
        links = links_of(request.therapist)
        couples = [link.couple for link in links if link.couple]
        Reading.note(by=request.therapist, couples=couples, what=What.SHARING, now=request.now)
        shown = sorted((_shown(link) for link in links), key=lambda each: str(each["names"]))
        shows = desk(request, here="practice_sharing", links=shown)
        return render(request, "therapists/closings.html", shows)


@enter(therapist)
@require_POST
def closings(request: TherapistRequest, link_id: UUID) -> HttpResponse:
    """Close a scope for as long as I want; the couple sees "not shared" and no cause."""
    link = get_object_or_404(request.therapist.links.standing(), pk=link_id)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose what to close."))
        return redirect("practice_sharing")
    try:
        Closing.make(
            link=link, by=request.therapist, scope=form.cleaned_data["scope"], now=request.now
        )
    except LinkRefused as refused:
        messages.error(request, str(refused))
    return redirect("practice_sharing")


@enter(therapist)
@require_POST
def withdrawal(request: TherapistRequest, closing_id: UUID) -> HttpResponse:
    """Open again what I had closed, as far as the couple shares it."""
    mine = Closing.objects.select_related("link__couple")
    closing = get_object_or_404(
        mine, pk=closing_id, link__in=request.therapist.links.standing().values("pk")
    )
    try:
        closing.withdraw(by=request.therapist, now=request.now)
    except LinkRefused as refused:
        messages.error(request, str(refused))
    return redirect("practice_sharing")


@enter(therapist)
@require_POST
def ending(request: TherapistRequest, link_id: UUID) -> HttpResponse:
    """End the link with a couple for all three."""
    link = get_object_or_404(request.therapist.links.standing(), pk=link_id)
    link.end(by=request.therapist, now=request.now)
    messages.success(request, _("The link has ended. You see nothing of this couple here."))
    return redirect("practice_sharing")


def _shown(link: TherapistLink) -> dict[str, object]:
    """One couple with each scope: shared or not, and my own closing of it."""
    parts = [
        {"scope": scope, "shared": scope in link.shared, "closing": link.closed.get(scope)}
        for scope in Scope
    ]
    return {"pk": link.pk, "names": names_of(link), "parts": parts}
