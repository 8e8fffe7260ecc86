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
from couples.delivery.live import publish
from couples.forms import JoinForm, posted
from couples.models import Invitation, InvitationRefused, Person


@enter(partner)
@require_POST
def invitation(request: PartnerRequest) -> HttpResponse:
    """Make a new link; an older open one ends."""
    try:
        Invitation.make(by=request.partner, now=request.now)
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
    """Show who invites; accept by POST alone, as previews and scanners only ever GET."""
    try:
        found = Invitation.find(token, now=database_now())
    except Invitation.DoesNotExist:
        return render(request, "couples/join_closed.html", status=404)
    if not request.user.is_authenticated:
        return _shown_to_a_stranger(request, found)
    form = JoinForm(posted(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        return _accept(cast(PersonRequest, request), found, form)
    shows = {"form": form, "inviter": found.inviter.name, "token": token}
    shows["waited_alone"] = _waits_alone_elsewhere(request.user, found)
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


def _waits_alone_elsewhere(person: Person, found: Invitation) -> bool:
    """True when accepting ends a couple in which this person is alone."""
    place = place_of(person)
    return place is not None and not place.couple.paired and place.couple_id != found.couple_id


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
        publish(place.couple, "today", "us")
    return redirect("today")


def _qr(url: str) -> SafeString:
    """Return the link as a drawing; segno writes nothing of the text into the markup."""
    code = segno.make(url, micro=False)
    return mark_safe(code.svg_inline(scale=4, border=2, omitsize=True))  # noqa: S308 - see above
