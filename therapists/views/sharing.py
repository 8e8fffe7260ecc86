"""What a couple shares with its therapist: each partner decides for themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.accounts.fresh import ask_again
from couples.forms import posted
from therapists.forms import ConsentForm
from therapists.models import Acceptance, Consent, LinkRefused, TherapistLink
from therapists.sharing import link_of, sharing_of

TYPED = "consents_typed"
"""Where a choice waits in the session while its author signs in again."""

SHOWN = 100
"""Readings on the page, newest first."""


@enter(partner)
@require_safe
def therapist(request: PartnerRequest) -> HttpResponse:
    """The couple's therapist, what is shared, and my own choices; or only the part that changes."""
    link = link_of(request.partner)
    shows: dict[str, object] = {"room": "us", "link": link}
    if link:
        shows["sharing"] = sharing_of(link, me=request.partner)
    template = "therapists/sharing.html#link" if request.htmx else "therapists/sharing.html"
    return render(request, template, shows)


@enter(partner)
@require_POST
def acceptance(request: PartnerRequest) -> HttpResponse:
    """Accept the therapist and the policy, for myself."""
    link = _link(request)
    return _done(request, lambda: Acceptance.give(link=link, by=request.partner, now=request.now))


@enter(partner)
@require_POST
def acceptance_withdrawal(request: PartnerRequest) -> HttpResponse:
    """Take back my yes and everything I share."""
    link = _link(request)
    return _done(
        request,
        lambda: Acceptance.withdraw(link=link, by=request.partner, now=request.now),
        said=_("Nothing of yours is shared any more."),
    )


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: PartnerRequest) -> HttpResponseBase:
    """Say yes to scopes, after a fresh sign-in; what was chosen before it comes back."""
    link = _link(request)
    if link.ended_at:
        messages.error(request, _("This link has ended."))
        return redirect("us_therapist")
    form = ConsentForm(posted(request), initial=request.session.get(TYPED))
    if again := ask_again(request, back=reverse("us_therapist_consents")):
        if form.is_valid():
            request.session[TYPED] = form.cleaned_data
        return again
    if request.method == "POST" and form.is_valid():
        request.session.pop(TYPED, None)
        return _done(request, lambda: _give(request, link, form.cleaned_data))
    shows = {"room": "us", "link": link, "form": form}
    return render(request, "therapists/consents.html", shows, status=422 if form.errors else 200)


@enter(partner)
@require_POST
def consent_withdrawal(request: PartnerRequest, consent_id: UUID) -> HttpResponse:
    """Take back one of my own yeses; never asks for anything first."""
    mine = request.partner.consents.select_related("link__couple")
    consent = get_object_or_404(mine, pk=consent_id)
    return _done(
        request,
        lambda: consent.withdraw(by=request.partner, now=request.now),
        said=_("Not shared any more."),
    )


@enter(partner)
@require_POST
def ending(request: PartnerRequest) -> HttpResponse:
    """End the link for all three, or decline the invitation."""
    link = _link(request)
    return _done(
        request,
        lambda: link.end(by=request.partner, now=request.now),
        said=_("The link has ended. Nothing is shared."),
    )


@enter(partner)
@require_safe
def readings(request: PartnerRequest) -> HttpResponse:
    """The read log: who looked at what, on which day."""
    ours = request.partner.couple.readings.filter(Q(partner=None) | Q(partner=request.partner))
    rows = ours.select_related("therapist__person__key")
    shows = {"room": "us", "readings": rows.order_by("-day", "what")[:SHOWN]}
    return render(request, "therapists/readings.html", shows)


def _link(request: PartnerRequest) -> TherapistLink:
    """Return the link that the page named, or else the one that is live, or the last.

    A yes given to one therapist is none to the next; the verbs of a link that has ended meanwhile
    say so.
    """
    links = request.partner.couple.therapist_links.select_related("therapist__person__key")
    if named := request.POST.get("link"):
        found = _id(named)
        links = links.filter(pk=found) if found else links.none()
    newest = links.order_by(F("ended_at").desc(nulls_first=True))
    link = get_object_or_404(newest[:1])
    link.couple = request.partner.couple
    return link


def _id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:  # whatever was posted: no link has this id
        return None


def _give(request: PartnerRequest, link: TherapistLink, chosen: dict[str, Any]) -> None:
    Consent.give(
        link=link,
        by=request.partner,
        scopes=chosen["scopes"],
        from_start=chosen["reach"] == "start",
        now=request.now,
    )


def _done(request: PartnerRequest, verb: Callable[[], None], *, said: str = "") -> HttpResponse:
    """Run a verb and go back to the page, with what was said or why it was refused."""
    try:
        verb()
    except LinkRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said or _("Kept."))
    return redirect("us_therapist")
