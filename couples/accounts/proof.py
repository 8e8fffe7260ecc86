"""What an account may do before its mailbox is proved, and what must be asked again.

Every page under accounts/ goes through `account`, the library's pages included: what is not named
here is asked for, so that a page which the library adds cannot be forgotten.

Whoever signs up with an address has shown nothing. The account is its reader's once a code from
that mailbox was typed, and whatever was set before counts for nothing then: the password, unless
it was typed in the very browser that brought the code; the name; a second factor; every session.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
)
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.models import EmailAddress
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from couples.access import elsewhere
from couples.access import person as signed_in
from couples.accounts import fresh, moving
from couples.accounts.trust import forget, is_proved, trust_from_now
from couples.models import Person

PROVE = "account_email_verification_sent"

NEVER_ASKED = {
    # On the way in, with a password or a code of their own.
    *("account_login", "account_signup", "account_request_login_code"),
    *("account_confirm_login_code", PROVE, "mfa_authenticate"),
    *("account_reset_password", "account_confirm_password_reset_code"),
    *("account_complete_password_reset", "account_password_reset_completed"),
    # The asking itself, and the change that asks for the present password in its own form.
    *("account_reauthenticate", "mfa_reauthenticate", "account_change_password"),
    # Nothing is changed or shown there.
    *("mfa_index", "account_inactive", "account_logout"),
}
ASKED_ON_POST = {"account_email", "usersessions_list"}
"""Looking is free, changing is not. Every other page asks before it shows anything."""

TYPED_ADDRESS = "address_typed"
"""Where an address waits in the session while its author is asked again."""

CHOICE = "password_chosen"
"""What this browser typed as the password of an account that is not proved yet, hashed."""

SET_BY_CODE = {"password", "password_reset"}


def account(request: HttpRequest) -> HttpResponseBase | None:
    """Gate of every page under accounts/: proved first, then asked again, then let in."""
    _end_overtaken(request)
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name in NEVER_ASKED:
        return None
    refused = signed_in(request)
    if not request.user.is_authenticated:
        return refused
    if not is_proved(request.user):
        return _prove_first(request)
    if name in ASKED_ON_POST and request.method in {"GET", "HEAD"}:
        return None
    if "action_add" in request.POST and name == "account_email":
        request.session[TYPED_ADDRESS] = request.POST.get("email", "")[:320]
    return fresh.ask_again(request, back=request.path)


def remember_choice(request: HttpRequest, person: Person) -> None:
    """Keep the password that was typed here; it counts if this browser brings the code."""
    request.session[CHOICE] = {"person": str(person.pk), "password": person.password}


def on_step(request: HttpRequest, user: Person, method: str, **_signal: Any) -> None:
    """A password was typed: for an account that is not proved, remember by whom."""
    if method in SET_BY_CODE and not is_proved(user):
        remember_choice(request, user)


def on_confirmed(request: HttpRequest, email_address: EmailAddress, **_signal: Any) -> None:
    """A code from a mailbox was typed: the first time, or a new address in place of an old one."""
    person = email_address.user
    proved = EmailAddress.objects.filter(user=person, verified=True).exclude(pk=email_address.pk)
    before = [each.email for each in proved.order_by("-primary", "pk")]
    request.session.pop(TYPED_ADDRESS, None)
    with transaction.atomic():
        if before:
            moving.tell(person, before=before)
            trust_from_now(person)
        else:
            forget(person, password=_choice_of(request, person), keep=request.session.session_key)
            Person.objects.filter(pk=person.pk).update(name=None)
    if before:
        fresh.is_over(request)
    elif request.user.pk == person.pk:
        update_session_auth_hash(request, person)
    # A new password by code goes on in the session that has just shown the code.
    if state := request.session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY):
        state["at"] = time.time()
        request.session.modified = True


def on_new_password(user: Person, **_signal: Any) -> None:
    """A password was chosen: whoever waits at a later step with the old one waits for nothing."""
    trust_from_now(user)


def _choice_of(request: HttpRequest, person: Person) -> str | None:
    """Return the password typed in this browser on the way that has just brought the code."""
    choice = request.session.pop(CHOICE, None)
    match = request.resolver_match
    if choice is None or match is None or match.url_name != PROVE:
        return None
    return choice["password"] if choice["person"] == str(person.pk) else None


def _prove_first(request: HttpRequest) -> HttpResponseBase:
    send_verification_email_for_user(request, request.user)
    return elsewhere(request, f"{reverse(PROVE)}?{urlencode({'next': request.path})}")


def _end_overtaken(request: HttpRequest) -> None:
    """End what this browser began before the account was proved, moved or given a password."""
    session = request.session
    login = session.get(LOGIN_SESSION_KEY)
    if isinstance(login, dict) and _is_overtaken(login.get("user_pk"), login["initiated_at"]):
        clear_login(request)
    for key in (EMAIL_VERIFICATION_CODE_SESSION_KEY, PASSWORD_RESET_VERIFICATION_SESSION_KEY):
        state = session.get(key)
        if state and _is_overtaken(state.get("user_id"), state["at"]):
            del session[key]


def _is_overtaken(person_id: str | None, begun: float) -> bool:
    if person_id is None:  # nobody: the page only looks as if there were an account
        return False
    found = Person.objects.filter(pk=person_id).values_list("trusted_since", flat=True)
    if not (known := list(found)):
        return True
    return known[0] is not None and datetime.fromtimestamp(begun, UTC) < known[0]
