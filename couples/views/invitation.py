"""Inviting the other by link, and accepting."""

from __future__ import annotations

from typing import cast

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from couples.access import PartnerRequest, PersonRequest, anyone, enter, partner, sign_in
from couples.arrival import place_of
from couples.clock import database_now
from couples.forms import JoinForm, posted
from couples.models import Invitation, InvitationRefused, Partner
from couples.views.start import other_home


@enter(partner)
@require_POST
def invitation(request: PartnerRequest) -> HttpResponse:
    """Make a link; one that is open already stays, as it may be on its way to the other."""
    try:
        Invitation.keep_open(by=request.partner, now=request.now)
    except InvitationRefused as refused:
        messages.error(request, str(refused))
    return redirect("today")


@enter(partner)
@require_POST
def taking_back(request: PartnerRequest) -> HttpResponse:
    """End the open link of one's couple."""
    for each in request.partner.couple.invitations.open(request.now):
        each.take_back(now=request.now)
        messages.success(request, _("The link is closed. You can make a new one any time."))
    return redirect("today")


@enter(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites; accept by POST alone, as previews and scanners only ever GET.

    Who has joined with it comes through to Today, whenever they open it again.
    """
    place = place_of(request.user) if request.user.is_authenticated else None
    try:
        found = Invitation.find(token, now=database_now())
    except Invitation.DoesNotExist:
        if place and Invitation.was_accepted(token, couple=place.couple):
            return redirect("today")
        return render(request, "couples/join_closed.html", status=404)
    if not request.user.is_authenticated:
        return _shown_to_a_stranger(request, found)
    if why := _why_not(request, place, found):
        reason = {"why": why, "home": other_home(request) or reverse("today")}
        status = 409 if request.method == "POST" else 200
        return render(request, "couples/join_other.html", reason, status=status)
    form = JoinForm(posted(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        return _accept(cast(PersonRequest, request), found, form)
    shows = {"form": form, "inviter": found.inviter.name, "token": token}
    shows["waited_alone"] = place is not None
    return render(request, "couples/join.html", shows, status=422 if form.errors else 200)


def open_invitation(request: PartnerRequest) -> dict[str, object]:
    """Return the couple's open link as its inviter sees it: open, accepted or ended, no more."""
    found = request.partner.couple.invitations.open(request.now).select_related("inviter").first()
    if found is None:
        return {}
    found.inviter = request.partner
    url = request.build_absolute_uri(reverse("join", args=[found.token]))
    return {"url": url, "qr": _qr(url), "until": request.partner.couple.today(found.expires_at)}


def _shown_to_a_stranger(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.method == "POST":
        return sign_in(request)
    shows = {"inviter": found.inviter.name, "token": found.token, "here": request.path}
    return render(request, "couples/join.html", shows)


def _why_not(request: HttpRequest, place: Partner | None, found: Invitation) -> str:
    """Return why the one who is signed in cannot accept, or nothing."""
    if place is None:
        return "therapist" if other_home(request) else ""
    if place.couple_id == found.couple_id:
        return "own"
    return "paired" if place.couple.paired else ""


def _accept(request: PersonRequest, found: Invitation, form: JoinForm) -> HttpResponse:
    me = request.user
    if zone := form.cleaned_data.get("time_zone"):
        me.time_zone = zone
        me.save(update_fields=["time_zone"])
    if name := form.cleaned_data.get("name"):
        me.call_me(name)
    try:
        place = found.accept(by=me)
    except InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        # The one who invited may be looking at the link that has just been used.
        place.couple.publish("today", "us")
    return redirect("today")


def _qr(url: str) -> SafeString:
    """Return the link as a drawing; segno writes nothing of the text into the markup."""
    code = segno.make(url, micro=False)
    return mark_safe(code.svg_inline(scale=4, border=4, omitsize=True))  # noqa: S308 - see above
