"""Who may enter, said in one place.

Every view declares a gate; one that does not is refused before it runs. A gate lets the request
through by returning None, answers with a response of its own, or raises Http404. What belongs to
somebody else is missing, never forbidden: a page that says "forbidden" says that it exists.

Objects are reached only through the viewer a gate has set: `request.partner.couple.repairs…`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from couples.arrival import place_of
from couples.models import Partner, Person
from couples.zones import clock_of

Gate = Callable[[HttpRequest], HttpResponseBase | None]
View = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """A request by somebody who is signed in."""

    user: Person
    htmx: HtmxDetails


class PartnerRequest(PersonRequest):
    """A request by a partner of a live couple, with the database's instant of its arrival."""

    partner: Partner
    now: datetime


def enter(gate: Gate) -> Callable[[View], View]:
    """Declare who may enter a view."""

    def declared(view: View) -> View:
        view.gate = gate  # type: ignore[attr-defined]
        return view

    return declared


def declare(included: Any, gate: Gate) -> Any:
    """Declare one gate for every view of an included third-party URL tree, and return the tree."""
    patterns = getattr(included[0], "urlpatterns", included[0])
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            declare((pattern.url_patterns,), gate)
        elif isinstance(pattern, URLPattern):
            enter(gate)(pattern.callback)
    return included


class DeclaredAccess:
    """Refuses every view without a gate, and asks the gate of every view that has one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; a phone that opens the address of a form again gets a page, not a blank."""
        try:
            answer = self.get_response(request)
        finally:
            timezone.deactivate()  # the next one in this thread has another clock
        if request.method != "GET" or not isinstance(answer, HttpResponseNotAllowed):
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page

    def process_view(
        self, request: HttpRequest, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask the gate; Django calls this for each view once its URL is known."""
        gate: Gate | None = getattr(view, "gate", None)
        if gate is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} declares no access")
        return gate(request)


# --- Gates -----------------------------------------------------------------------------------


def anyone(_request: HttpRequest) -> HttpResponseBase | None:
    """Everybody, signed in or not."""
    return None


def person(request: HttpRequest) -> HttpResponseBase | None:
    """Everybody who is signed in; others are sent to sign in and come back.

    From here on templates show an instant as a day of this person's own clock.
    """
    if not request.user.is_authenticated:
        return sign_in(request)
    timezone.activate(clock_of(request.user.time_zone))
    return None


def partner(request: HttpRequest) -> HttpResponseBase | None:
    """Partners of a live couple; sets `request.partner` and `request.now` without a query."""
    if refused := person(request):
        return refused
    mine = find_partner(request)
    if mine is None or not mine.person.name:
        return elsewhere(request, reverse("start"))
    return None


def operator(request: HttpRequest) -> HttpResponseBase | None:
    """Staff who have shown a second factor in this session; for everybody else it is missing.

    In a demo on one's own machine no second factor is asked for.
    """
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    why = _("This page shows the whole installation. Please set up a second factor here first.")
    return None if settings.DEMO else second_factor(request, why=why, back=request.path)


def second_factor(request: HttpRequest, *, why: str, back: str) -> HttpResponseBase | None:
    """Ask for a second factor that this session has not shown; None when it has.

    Whoever has none is sent to set one up, and told `why`; the others come `back`.
    """
    user = request.user
    if not is_mfa_enabled(user):
        messages.info(request, why)
        return elsewhere(request, reverse("mfa_index"))
    # Having one is not enough: a session from before it was set up has never shown it.
    shown = get_authentication_records(request, user)
    if not any(record.get("method") == "mfa" for record in shown):
        return elsewhere(request, f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
    return None


def find_partner(request: HttpRequest) -> Partner | None:
    """Set and return the viewer's place in their live couple, which came along with the session."""
    mine = place_of(request.user)  # type: ignore[arg-type]
    if mine:
        request.partner, request.now = mine, mine.now  # type: ignore[attr-defined]
    return mine


# --- On the way in ---------------------------------------------------------------------------


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page as a whole page, never as a piece of another one.

    After a post the way back leads to the page the form was on: what was typed waits there.
    """
    whole_page = request.method == "GET" and "HX-Request" not in request.headers
    back = request.get_full_path() if whole_page else _page_before(request)
    return elsewhere(request, redirect_to_login(back).url)


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page that a post or a piece was asked from, as its headers say."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/"
    try:
        return urlsplit(came_from).path or "/"
    except ValueError:  # headers can say anything: "http://[" is no address
        return "/"


def elsewhere(request: HttpRequest, url: str) -> HttpResponse:
    """Send to another page as a whole, also when only a piece of this one was asked for."""
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(url)
    return redirect(url)
