"""What stands in our frame when a request is turned away before any view of ours has seen it."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render
from django.urls import reverse

AT_THE_DOOR = (
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "mfa_authenticate",
)
"""Pages on which somebody signs in; whoever has, on another tap or tab, has no more to do there."""

TURNED = "CSRF token from POST"
"""How Django begins to say that a token is another one by now, as it is after signing in."""

ABOUT_ITS_ORIGIN = ("Origin checking", "Referer checking")

WAIT = 60
"""Seconds after which what was too much may be tried again: most limits are by the minute."""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say why a form was not taken: no cookie, an origin that is hidden, or an older page.

    Who has signed in meanwhile goes on: the tap came from the page that signed them in.
    """
    turned = reason.startswith(TURNED) and request.user.is_authenticated
    if turned and request.path in map(reverse, AT_THE_DOOR):
        return redirect(get_login_redirect_url(request))
    why = "old"
    if reason == REASON_NO_CSRF_COOKIE:
        why = "cookies"
    elif reason.startswith(ABOUT_ITS_ORIGIN):
        why = "origin"
    shows = {"why": why, "again": _page_before(request)}
    return render(request, "403_csrf.html", shows, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that it was too quick, whichever limit of the sign-in library it was, and lead back."""
    wanted = get_next_redirect_url(request)
    again = f"{request.path}?{urlencode({'next': wanted})}" if wanted else request.path
    answer = render(request, "429.html", {"again": again}, status=429)
    answer["Retry-After"] = str(WAIT)
    return answer


def _page_before(request: HttpRequest) -> str:
    """Return the address on our site that the form was sent from, as far as it is known."""
    try:
        there = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # headers can say anything
        return "/"
    return "/" + there._replace(scheme="", netloc="", fragment="").geturl().lstrip("/")
