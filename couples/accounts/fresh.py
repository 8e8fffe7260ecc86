"""Asking once more who somebody is, before an act that changes the account.

A password or a second factor is asked for by the library's own pages. An account that only uses
codes is asked nothing by the library, and told that this was enough; here a code goes to the
address which the account has before the act.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from couples.access import PersonRequest, elsewhere

STATE = "reauthentication_code"
"""Where the code waits in the session for being typed."""


def ask_again(request: HttpRequest, *, back: str) -> HttpResponse | None:
    """Send to the page that asks again and comes `back` by GET; None for who has just answered.

    The request itself is never replayed afterwards: that would pass by the gates, and would keep
    it in the session meanwhile, with all that was typed and all that a server adds to it.
    """
    if is_fresh(request):
        return None
    return elsewhere(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def is_fresh(request: HttpRequest) -> bool:
    """True when this session was asked again within the last few minutes, and answered."""
    answers = [each for each in _records(request) if each.get("reauthenticated")]
    age = time.time() - answers[-1]["at"] if answers else float("inf")
    return bool(age < app_settings.REAUTHENTICATION_TIMEOUT)


def is_over(request: HttpRequest) -> None:
    """Ask again from now on: what was answered was about an address that is no longer it."""
    if records := _records(request):
        kept = [{key: each[key] for key in each if key != "reauthenticated"} for each in records]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return found


class CodeProcess(AbstractCodeVerificationProcess):  # type: ignore[misc]
    """One code to the present address: ten minutes, one use, three tries."""

    def __init__(self, request: PersonRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
            user=request.user,
        )

    @classmethod
    def begin(cls, request: PersonRequest) -> CodeProcess:
        """Send a first code."""
        address = EmailAddress.objects.get_primary_email(request.user)
        process = cls(request, cls.initial_state(request.user, address))
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, request: PersonRequest) -> CodeProcess | None:
        """Return what was begun in this session by this person and is not over."""
        state = request.session.get(STATE)
        if not state or state.get("user_id") != str(request.user.pk):
            return None
        process: CodeProcess | None = cls(request, state).abort_if_invalid()
        return process

    @property
    def address(self) -> str:
        """Where the code went."""
        return str(self.state["email"])

    @property
    def can_resend(self) -> bool:
        """True until another code has been asked for twice."""
        return not self.is_resend_quota_reached(app_settings.LOGIN_BY_CODE_MAX_RESEND_COUNT)

    def resend(self) -> None:
        """Send another code in place of the last one."""
        self.record_resend()
        self.send()
        self.persist()

    def send(self) -> None:
        """Make a code and mail it."""
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        told = {"code": self.state["code"]}
        adapter.send_mail("account/email/reauthentication_code", self.address, told)

    def finish(self) -> None:
        """Remember that the right code was typed; it opens nothing a second time."""
        self.abort()
        record_authentication(self.request, self.user, method="code", reauthenticated=True)

    def persist(self) -> None:
        """Keep it in the session."""
        self.request.session[STATE] = self.state
        self.request.session.modified = True

    def abort(self) -> None:
        """End it."""
        self.request.session.pop(STATE, None)
