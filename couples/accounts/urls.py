"""Signing up, signing in, and one's own account: a few pages of ours, the others the library's."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path

from couples.access import declare
from couples.accounts import views
from couples.accounts.proof import PROVE, account

PROVES = {PROVE, "account_confirm_login_code", "account_confirm_password_reset_code"}
"""Where a code proves a mailbox: that, and that nothing earlier counts, happen together."""


def at_once(included: tuple[Any, ...]) -> tuple[Any, ...]:
    """Let each view that proves a mailbox do all it does, or nothing."""
    for pattern in getattr(included[0], "urlpatterns", included[0]):
        if isinstance(pattern, URLResolver):
            at_once((pattern.url_patterns,))
        elif isinstance(pattern, URLPattern) and pattern.name in PROVES:
            pattern.callback = transaction.atomic(pattern.callback)
    return included


urlpatterns = [
    path(
        "reauthenticate/code/",
        views.reauthenticate_by_code,
        name="account_reauthenticate_code",
    ),
    path("address/<str:token>/", views.taking_back, name="address_taking_back"),
    path("", declare(at_once(include("allauth.urls")), account)),
]
