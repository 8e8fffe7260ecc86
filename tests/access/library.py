"""The addresses of the sign-in library, by whom they are for.

It guards its own pages, and nothing asks for them by htmx.
"""

from __future__ import annotations

GUESTS = {"account_login", "account_signup", "account_request_login_code"}
UNDER_WAY = {
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "mfa_authenticate",
}
SIGNED_IN = {
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "usersessions_list",
}
EVERYBODY = {
    "account_inactive",
    "account_reset_password",
    "account_password_reset_completed",
    "account_logout",
}
LIBRARY = GUESTS | UNDER_WAY | SIGNED_IN | EVERYBODY
