"""What allauth asks us about: how a person is made, and how a second factor's secret is kept."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from couples import vault
from couples.accounts import moving
from couples.accounts import words as account_words
from couples.clock import database_now
from couples.delivery import push
from couples.models import Preference

logger = logging.getLogger(__name__)

SECOND_FACTOR = "second factor"

NO_ACCOUNT = {"account/email/unknown_account", "account/email/account_already_exists"}
"""Mails that would be untrue for an address that had an account until a moment ago."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signs people up without user names and without telling who already has an account."""

    error_messages = {**DefaultAccountAdapter.error_messages, **account_words.ACCOUNT}

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are none."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say on the next page that it could not be: what was typed has been taken.

        The same is said whoever the address belongs to, so that it tells nothing about accounts.
        """
        if template_prefix in NO_ACCOUNT and (change := moving.open_change(email)):
            moving.send_link(change)
            return
        try:
            super().send_mail(template_prefix, email, {"site": settings.BASE_URL, **context})
        except OSError as unreachable:  # what smtplib raises is one too
            logger.warning("mail not sent: %s", type(unreachable).__name__)
            words = _(
                "We could not send the mail just now. Please ask for another one in a minute."
            )
            messages.error(self.request, words)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,  # noqa: ARG002 - what it names stays out
        email: str | None = None,
    ) -> None:
        """Tell the mailbox that something changed: the day, and neither where to nor on what.

        Who reads it need not be who did it, so a new address, a browser and a network stay out of
        it. That the address changed is told by `moving.tell`, with the link to take it back.
        """
        if template_prefix != "account/email/email_changed":
            nothing_more = dict.fromkeys(("ip", "user_agent", "deleted_email"), "")
            super().send_notification_mail(template_prefix, user, nothing_more, email)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer what the library does; who has nothing but a mailbox is sent a code there."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if found or not user.is_authenticated:
            return found
        return [
            {
                "id": "reauthenticate_code",
                "description": _("Use a code by e-mail"),
                "url": reverse("account_reauthenticate_code"),
            }
        ]

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in with the password as it stands, which proving the mailbox may just have ended."""
        user.refresh_from_db(fields=["password"])
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Go on; whoever chose push, and signed out where it came to, hears of it here."""
        response: HttpResponse = super().post_login(request, user, **how)
        wanted = push.is_on() and Preference.wants_push(user)
        if wanted and not push.subscriptions(user, now=database_now()):
            words = _(
                "You chose push, and no device takes it now. Turn it on again under Me,"
                " “What I am reminded of”."
            )
            messages.info(request, words)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords for an account for each phone apart.

        Counted together, five guesses anywhere would shut its owner out everywhere.
        """
        account: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{truncate_ip(self.get_client_ip(request))}"

    def is_safe_url(self, url: str | None) -> bool:
        """True for an address of this site; what is no address at all ("http://[") is none."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps under the master keys of the vault."""

    error_messages = {**DefaultMFAAdapter.error_messages, **account_words.SECOND_FACTOR}

    def encrypt(self, text: str) -> str:
        """Return `text` sealed, as hexadecimal."""
        return vault.wrap(text.encode(), place=SECOND_FACTOR).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return vault.unwrap(bytes.fromhex(encrypted_text), place=SECOND_FACTOR).decode()
