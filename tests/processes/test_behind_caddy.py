"""Behind our own proxy each phone counts for itself; without one nobody says who they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from pytest_django import DjangoDbBlocker

from couples.models import Partner
from tests.factories import PASSWORD
from tests.processes.entries import (
    TOKEN,
    Answer,
    Entry,
    behind_caddy,
    collected,
    form,
    started,
)

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

PATH = "/accounts/login/"
FORGED = ("X-Forwarded-For", "X_Forwarded_For", "x_forwarded-for", "Forwarded", "X-Real-IP")
TRIES = 11
"""One more than allauth allows an address for failing to sign in, within its time."""


@pytest.fixture(scope="module")
def entries(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Entry]]:
    """The pages as docker-compose starts them, Caddy before them, and the site of `make run`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hi-first-")))
        static = collected(folder / "static")
        web = started("web", folder, stack, TRUSTED_PROXIES="1", STATIC_DIR=static)
        site = started("site", folder, stack, STATIC_DIR=static)
        yield {"web": web, "site": site, "caddy": behind_caddy(web, folder, stack)}


@pytest.fixture(autouse=True)
def no_limit_used_up(transactional_db: None) -> None:
    cache.clear()


def sign_in(entry: Entry, email: str, password: str, **headers: str) -> Answer:
    """Try to sign in from somewhere."""
    sends = {
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
        **headers,
    }
    return entry.ask(PATH, body=form(login=email, password=password), headers=sends)


def use_up(entry: Entry, *names: str) -> None:
    """Guess at many accounts from one phone, and call it another each time."""
    for number in range(TRIES):
        said = dict.fromkeys(names, f"203.0.113.{number}")
        sign_in(entry, f"somebody-{number}@example.com", "not the password", **said)


def is_let_in(answer: Answer) -> bool:
    """True for a sign-in that went through; one that is refused shows the form again."""
    return answer.status == 302


def test_who_guesses_shuts_nobody_else_out(entries: dict[str, Entry], ana: Partner) -> None:
    # As Caddy says it: who asked it stands at the end, whatever the phone itself wrote before.
    web = entries["web"]
    for number in range(TRIES):
        forged = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.1"}
        sign_in(web, f"somebody-{number}@example.com", "not the password", **forged)
    there, elsewhere = ({"X-Forwarded-For": f"198.51.100.{number}"} for number in (1, 2))
    assert not is_let_in(sign_in(web, ana.person.email, PASSWORD, **there))
    assert is_let_in(sign_in(web, ana.person.email, PASSWORD, **elsewhere))
    assert [str(each.ip) for each in UserSession.objects.all()] == ["198.51.100.2"]


def test_guesses_from_many_phones_shut_nobody_out(entries: dict[str, Entry], ana: Partner) -> None:
    for number in range(TRIES):
        there = {"X-Forwarded-For": f"203.0.113.{number}"}
        sign_in(entries["web"], ana.person.email, "not the password", **there)
    elsewhere = {"X-Forwarded-For": "198.51.100.2"}
    assert is_let_in(sign_in(entries["web"], ana.person.email, PASSWORD, **elsewhere))


@pytest.mark.parametrize("entry", ["caddy", "site"])
def test_nobody_is_another_phone_by_saying_so(
    entries: dict[str, Entry], ana: Partner, entry: str
) -> None:
    use_up(entries[entry], *FORGED)
    assert not is_let_in(sign_in(entries[entry], ana.person.email, PASSWORD))
    assert not UserSession.objects.exists()


@pytest.mark.parametrize("entry", ["caddy", "site"])
def test_the_list_of_sessions_has_the_address_that_asked(
    entries: dict[str, Entry], ana: Partner, entry: str
) -> None:
    forged = dict.fromkeys(FORGED, "203.0.113.9")
    assert is_let_in(sign_in(entries[entry], ana.person.email, PASSWORD, **forged))
    assert [str(each.ip) for each in UserSession.objects.all()] == ["127.0.0.1"]


def test_a_phone_with_a_network_of_its_own_counts_once(
    entries: dict[str, Entry], ana: Partner
) -> None:
    for number in range(TRIES):
        address = {"X-Forwarded-For": f"2001:db8:1:2::{number:x}"}
        sign_in(entries["web"], f"somebody-{number}@example.com", "not it", **address)
    last, other = ({"X-Forwarded-For": f"2001:db8:1:{network}:ffff::1"} for network in (2, 3))
    assert not is_let_in(sign_in(entries["web"], ana.person.email, PASSWORD, **last))
    assert is_let_in(sign_in(entries["web"], ana.person.email, PASSWORD, **other))
