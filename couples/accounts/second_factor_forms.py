"""The code of an authenticator app: one step late is in time, and each code opens once.

RFC 6238, section 5.2: somebody reads the code, types it and sends it, and meanwhile the app shows
the next one; and a code that was accepted is not accepted again. The library remembers a used code
for one step, which is shorter than it can be accepted once a step of tolerance is allowed.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils.crypto import salted_hmac


def _seconds_valid() -> int:
    """For how long one code can be accepted: its own step, and the tolerance on either side."""
    steps = 1 + 2 * app_settings.TOTP_TOLERANCE
    return int(app_settings.TOTP_PERIOD * steps)


class EachCodeOnce:
    """Takes a code of the authenticator app once, for as long as it could be taken."""

    authenticator: Any
    user: Any

    def clean_code(self) -> str:
        """Return the code; raises ValidationError for a wrong one and for one that was used."""
        code: str = super().clean_code()  # type: ignore[misc] # of the form beside it
        if self.authenticator.type == Authenticator.Type.TOTP and not self._is_first_use(code):
            raise get_adapter().validation_error("incorrect_code")
        return code

    def _is_first_use(self, code: str) -> bool:
        told = f"{self.user.pk}:{normalize_user_code(code)}"
        used = salted_hmac("couples.second_factor", told, algorithm="sha256").hexdigest()
        return bool(cache.add(f"used:{used}", "yes", _seconds_valid()))


class SecondFactorForm(EachCodeOnce, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class SecondFactorAgainForm(EachCodeOnce, ReauthenticateForm):  # type: ignore[misc]
    """Still you? By a code from the app."""
