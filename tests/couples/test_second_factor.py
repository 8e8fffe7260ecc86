"""A code of the authenticator app: a step late is in time, and each opens once (RFC 6238, 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from couples.models import Person
from tests.couples.test_signing_in import signed_in
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

STEP = 30  # seconds
LAST_SECOND = datetime(2026, 12, 1, 12, 0, STEP - 1, tzinfo=UTC)
"""The last second of a step."""


@pytest.fixture
def secret() -> Iterator[str]:
    """The secret of Ana's app."""
    cache.clear()
    made = generate_totp_secret()
    TOTP.activate(make_person(name="Ana"), made)
    yield made
    cache.clear()


def code_at(secret: str, moment: datetime) -> str:
    """Return what the app shows."""
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // STEP)))


def goes_in(code: str, *, at: datetime) -> bool:
    """Sign in with the password and this code, at a moment; True when that did it."""
    client = Client()
    with time_machine.travel(at, tick=False):
        client.post("/accounts/login/", {"login": "ana@example.com", "password": PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        return signed_in(client)


@pytest.mark.parametrize("late", [0, 1, STEP])
def test_the_code_of_the_step_before_is_in_time(secret: str, late: int) -> None:
    assert goes_in(code_at(secret, LAST_SECOND), at=LAST_SECOND + timedelta(seconds=late))


def test_two_steps_late_is_too_late(secret: str) -> None:
    assert not goes_in(code_at(secret, LAST_SECOND), at=LAST_SECOND + timedelta(seconds=STEP + 1))


@pytest.mark.parametrize("later", [0, 1, STEP, STEP + 1, 2 * STEP])
@pytest.mark.parametrize("written", ["{}", " {} ", "{:.3} {:.3}"])
def test_a_code_opens_once_for_as_long_as_it_could(secret: str, later: int, written: str) -> None:
    """A code of the step to come is taken as well: it could be used for three steps."""
    code = code_at(secret, LAST_SECOND + timedelta(seconds=1))
    assert goes_in(code, at=LAST_SECOND)
    again = written.format(code, code[3:])
    assert not goes_in(again, at=LAST_SECOND + timedelta(seconds=later))


def test_a_code_that_signed_in_does_not_confirm_a_sensitive_act(secret: str) -> None:
    client = Client()
    code = code_at(secret, LAST_SECOND)
    assert goes_in(code, at=LAST_SECOND)
    with time_machine.travel(LAST_SECOND + timedelta(seconds=STEP), tick=False):
        client.force_login(Person.objects.get())
        page = client.post("/accounts/2fa/reauthenticate/", {"code": code})
    assert page.status_code == 200


def test_a_full_cache_forgets_no_code(secret: str) -> None:
    """Django empties a cache of more than 300 entries, whatever is still in force."""
    code = code_at(secret, LAST_SECOND)
    assert goes_in(code, at=LAST_SECOND)
    with time_machine.travel(LAST_SECOND, tick=False):
        for number in range(320):
            cache.set(f"zzz{number}", number)
    assert not goes_in(code, at=LAST_SECOND + timedelta(seconds=1))
