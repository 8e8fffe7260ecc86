"""What allauth asks us about: how a person is made, and how a second factor's secret is kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from couples import vault

SECOND_FACTOR = "second factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signs people up without user names and without telling who already has an account."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are none."""

    def is_safe_url(self, url: str | None) -> bool:
        """True for an address of this site; what is no address at all ("http://[") is none."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps under the master keys of the vault."""

    def encrypt(self, text: str) -> str:
        """Return `text` sealed, as hexadecimal."""
        return vault.wrap(text.encode(), place=SECOND_FACTOR).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return vault.unwrap(bytes.fromhex(encrypted_text), place=SECOND_FACTOR).decode()
