"""What the library of accounts says when something is not right, in our words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACCOUNT = {
    "account_inactive": _("This login is closed."),
    "cannot_remove_primary_email": _(
        "This is the address you sign in with. It stays until another one takes its place."
    ),
    "duplicate_email": _("This is your address already."),
    "email_password_mismatch": _(
        "This address and this password don't belong together. Try again, or use a code."
    ),
    "enter_current_password": _("Type the password you have now."),
    "incorrect_code": _("That isn't the code. Use the newest mail, or get another."),
    "incorrect_password": _("That isn't your password. Try once more."),
    "invalid_login": _("That took too long. Please begin again."),
    "invalid_or_expired_key": _("This link is too old, or it was used. Ask for another."),
    "invalid_password_reset": _("This link is too old, or it was used. Ask for another."),
    "rate_limited": _("That was often in a short time. Wait a minute, and try again."),
    "same_as_current": _("That is the one you have already."),
    "too_many_login_attempts": _("That was tried often. Wait a few minutes, and try again."),
    "unverified_primary_email": _("Confirm your address first."),
}

SECOND_FACTOR = {
    "incorrect_code": _("That isn't the code. Use the one your app shows now."),
    "unverified_email": _("Confirm your address first."),
}
