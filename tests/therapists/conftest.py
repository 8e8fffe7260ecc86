"""The therapists in every test: dr_lin is linked with consent, dr_ro was and is no more."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from pytest_django import Settings

from couples.models import Partner
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.therapists.factories import link_with_consent, make_therapist
from therapists.models import Therapist

DeskOf = Callable[[Therapist], Client]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Passwords are hashed slowly on purpose; a test has no use for that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def dr_lin(ana: Partner, ben: Partner) -> Therapist:
    """Linked with ana and ben, who share rhythm and repairs from the start."""
    lin = make_therapist(name="Dr. Lin")
    link_with_consent(lin, ana, ben)
    return lin


@pytest.fixture
def dr_ro(ana: Partner, ben: Partner) -> Therapist:
    """Was linked with ana and ben, until ben ended it."""
    ro = make_therapist(name="Dr. Ro")
    link_with_consent(ro, ana, ben).end(by=ben)
    return ro


@pytest.fixture
def lin() -> Therapist:
    """Verified, and linked with nobody yet."""
    return make_therapist(name="Dr. Lin")


@pytest.fixture
def no_second_factor(settings: Settings) -> None:
    """As in a demo; the matrix asks for it."""
    settings.DEMO = True


@pytest.fixture
def desk_of(db: None, client_of: ClientOf) -> DeskOf:
    """Return a browser of a therapist who has shown a second factor."""

    def signed_in(who: Therapist) -> Client:
        TOTP.activate(who.person, generate_totp_secret())
        client = client_of(who.person)
        session = client.session
        session["account_authentication_methods_user"] = str(who.person.pk)
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session.save()
        return client

    return signed_in


@pytest.fixture
def freshly(client_of: ClientOf) -> ClientOf:
    """Return a browser whose owner has just given their password again."""

    def signed_in_again(who: Partner) -> Client:
        client = client_of(who)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    return signed_in_again  # type: ignore[return-value]
