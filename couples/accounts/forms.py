"""The library's forms that take an address, with the address in its one form."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.fields import EmailField
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from couples.accounts import proof
from couples.accounts.addresses import normal
from couples.accounts.trust import is_proved
from couples.models import Person


class AddressField(EmailField):  # type: ignore[misc]
    """Takes an address as it was typed or pasted, and gives it in its one form."""

    def to_python(self, value: Any) -> str:
        """Bring it into form before anything is checked or compared."""
        typed: str = super().to_python(value)
        return normal(typed) if typed else typed


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """Sign in with a password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = AddressField()


class SignupForm(forms.SignupForm):  # type: ignore[misc]
    """Sign up. An address that nobody has proved yet is as good as new."""

    email = AddressField()
    unproved: Person | None = None
    account_already_exists: bool

    def validate_unique_email(self, value: str) -> str:
        """Let somebody sign up who has only been signed up before, by whomever."""
        email: str = super().validate_unique_email(value)
        if self.account_already_exists:
            self.unproved = _unproved(email)
            self.account_already_exists = self.unproved is None
        return email

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Make the person; what was chosen here counts once this browser brings the code."""
        if self.unproved is None:
            try:
                with transaction.atomic():
                    person, answer = super().try_save(request)
            except IntegrityError:  # another sign-up at this instant was a moment earlier
                self.unproved = _unproved(self.cleaned_data["email"])
                self.account_already_exists = self.unproved is None
                return self.try_save(request)
        else:
            person, answer = self.unproved, None
            person.set_password(self.cleaned_data.get("password1") or None)
            person.save(update_fields=["password"])
        if person:
            proof.remember_choice(request, person)
        return person, answer


def _unproved(address: str) -> Person | None:
    """Return the person who was signed up with this address, if nobody has proved it."""
    found = filter_users_by_email(address)
    return found[0] if len(found) == 1 and not is_proved(found[0]) else None


class AddEmailForm(forms.AddEmailForm):  # type: ignore[misc]
    """Move to another address; what was typed before a code was asked for is there again."""

    email = AddressField(required=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].initial = context.request.session.get(proof.TYPED_ADDRESS)


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a code with which to choose a new password."""

    email = AddressField(required=True)


class RequestLoginCodeForm(forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Ask for a code to sign in with."""

    email = AddressField()


class ChangeEmailForm(forms.ChangeEmailForm):  # type: ignore[misc]
    """Have the code of a sign-up sent elsewhere."""

    email = AddressField(required=True)
