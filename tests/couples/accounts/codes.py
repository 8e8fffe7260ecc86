"""What the tests of accounts do with mails and browsers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client

CODE = re.compile(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6})\s*$", re.MULTILINE)
LINK = re.compile(r"https?://\S+/accounts/address/\S+")

CODES = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
SIGN_UP = "/accounts/signup/"
SIGN_IN = "/accounts/login/"
VERIFY = "/accounts/confirm-email/"
RESET = "/accounts/password/reset/"
RESET_CODE = "/accounts/password/reset/confirm/"
RESET_DONE = "/accounts/password/reset/complete/"
EMAIL = "/accounts/email/"
SET_PASSWORD = "/accounts/password/set/"
AGAIN = "/accounts/reauthenticate/code/"


def mails_to(address: str) -> list[Any]:
    """Return what was sent to this address, oldest first."""
    return [letter for letter in mail.outbox if letter.to == [address]]


def code_for(address: str) -> str:
    """Return the code in the newest mail to this address."""
    found = CODE.search(str(mails_to(address)[-1].body))
    assert found, mails_to(address)[-1].body
    return found[1]


def link_for(address: str) -> str:
    """Return the path of the link in the newest mail to this address."""
    found = LINK.search(str(mails_to(address)[-1].body))
    assert found, mails_to(address)[-1].body
    return urlsplit(found[0]).path


def signed_in(client: Client) -> bool:
    """True when this browser is signed in, as the next page finds out."""
    return client.get("/me/")["Location"].startswith("/start/") if _away(client) else True


def _away(client: Client) -> bool:
    return client.get("/me/").status_code == 302


def sign_up(client: Client, address: str, password: str = "") -> str:
    """Sign up and return the code that was sent."""
    client.post(SIGN_UP, {"email": address, "password1": password})
    return code_for(address)


def ask_for_a_code(client: Client, address: str) -> str:
    """Ask for a code to sign in with, and return it."""
    client.post(CODES, {"email": address})
    return code_for(address)


def sign_in_by_code(client: Client, address: str) -> None:
    """Sign in as whoever reads the mailbox."""
    client.post(CONFIRM, {"code": ask_for_a_code(client, address)})


def sign_in_by_password(client: Client, address: str, password: str) -> None:
    """Try a password."""
    client.post(SIGN_IN, {"login": address, "password": password})


def answer_again(client: Client, address: str, *, next_page: str) -> Any:
    """Answer the page that asks again, with the code that comes to `address`."""
    client.get(f"{AGAIN}?next={next_page}")
    return client.post(AGAIN, {"code": code_for(address), "next": next_page})
