"""Signing up and signing in, where it goes wrong: codes, addresses, a mail server that is away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import Settings

from config.servers.programs import free_port
from couples.clock import database_now
from couples.models import Person
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

CODE = re.compile(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6})\s*$", re.MULTILINE)
CODES = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
SIGN_UP = "/accounts/signup/"
VERIFY = "/accounts/confirm-email/"


def code_in(letter: Any) -> str:
    """Return the code in a mail."""
    found = CODE.search(str(letter.body))
    assert found, letter.body
    return found[1]


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def ask_for_a_code(client: Client, address: str) -> str:
    client.post(CODES, {"email": address})
    return code_in(mail.outbox[-1])


def test_a_code_signs_in_once(client: Client) -> None:
    code = ask_for_a_code(client, make_person(name="Ana").email)
    client.post(CONFIRM, {"code": code})
    assert signed_in(client)
    again = Client()
    again.post(CODES, {"email": "ana@example.com"})
    again.post(CONFIRM, {"code": code})
    assert not signed_in(again)


def test_a_wrong_code_says_so_and_the_right_one_still_works(client: Client) -> None:
    code = ask_for_a_code(client, make_person(name="Ana").email)
    wrong = "".join("A" if letter != "A" else "B" for letter in code)
    page = client.post(CONFIRM, {"code": wrong})
    assert page.status_code < 500
    assert not signed_in(client)
    client.post(CONFIRM, {"code": code})
    assert signed_in(client)


def test_a_code_is_over_after_ten_minutes(client: Client) -> None:
    code = ask_for_a_code(client, make_person(name="Ana").email)
    with time_machine.travel(database_now() + timedelta(minutes=11)):
        client.post(CONFIRM, {"code": code}, follow=True)
    assert not signed_in(client)


def test_nobody_learns_which_addresses_have_an_account(client: Client) -> None:
    known = make_person(name="Ana").email
    told = [
        _told(client, path, address) for path in (CODES, SIGN_UP) for address in (known, "x@y.de")
    ]
    assert told[0] == told[1].replace("x@y.de", known)
    assert told[2] == told[3].replace("x@y.de", known)


def _told(client: Client, path: str, address: str) -> str:
    page = client.post(path, {"email": address, "password1": PASSWORD}, follow=True)
    client.cookies.clear()
    return re.sub(r'"[0-9A-Za-z]{64}"|[0-9a-f-]{36}', "", page.content.decode())


@pytest.fixture
def no_mail_server(settings: Settings) -> None:
    """Have mail go to a port on which nobody listens."""
    options = {"host": "127.0.0.1", "port": free_port(), "timeout": 2}
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": options}}


@pytest.mark.usefixtures("no_mail_server")
@pytest.mark.parametrize("path", [CODES, SIGN_UP, "/accounts/password/reset/"])
@pytest.mark.parametrize("known", [True, False])
def test_a_mail_server_that_is_away_is_said_in_words(
    client: Client, path: str, known: bool
) -> None:
    make_person(name="Ana")
    address = "ana@example.com" if known else "new@example.com"
    page = client.post(path, {"email": address, "password1": PASSWORD}, follow=True)
    assert page.status_code == 200
    assert "could not send the mail" in page.content.decode()


def test_once_the_mail_server_is_back_another_code_comes(
    client: Client, settings: Settings, no_mail_server: None
) -> None:
    client.post(SIGN_UP, {"email": "new@example.com", "password1": PASSWORD})
    locmem = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": locmem}}
    client.post(VERIFY, {"action": "resend"})
    client.post(VERIFY, {"code": code_in(mail.outbox[-1])})
    assert signed_in(client)
    assert Person.objects.get(email="new@example.com").check_password(PASSWORD)
