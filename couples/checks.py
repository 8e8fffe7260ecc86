"""What is wrong with the environment of this installation, said in words before anybody is served.

Django asks it with every `manage.py check` and `manage.py migrate`, and so whenever a new
version starts. A wrong value shows nowhere else: mail is refused by others, later, and every push
service turns away a sender whose contact it cannot read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's own name
from django.core.exceptions import ImproperlyConfigured

from couples.delivery.vapid import contact_address, key_pair

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAIL_SCHEMES = frozenset({"smtp", "smtp+tls", "smtps"})


def environment(**_asked: Any) -> list[CheckMessage]:
    """Return what is wrong with MAIL_FROM, BASE_URL, SMTP_URL and the pair of push keys."""
    return [*_base_url(), *_mail_from(), *_smtp_url(), *_push_keys()]


def _base_url() -> Iterator[CheckMessage]:
    at = _split(settings.BASE_URL)
    if at is None or at.scheme not in {"http", "https"} or not at.hostname:
        yield Error(
            "BASE_URL is no address that a browser could open.",
            hint="Write it like https://hifirst.example, the address people open.",
            id="couples.E001",
        )
        return
    if at.path.strip("/") or at.query or at.fragment or at.username:
        yield Error(
            "BASE_URL says more than where this installation is.",
            hint="Scheme, host and port alone: https://hifirst.example",
            id="couples.E002",
        )
    if at.scheme == "http" and at.hostname not in LOOPBACK:
        yield Warning(
            "BASE_URL begins with http: sign-in, push and cookies need https on any other machine.",
            hint="Write https, and let a proxy such as Caddy keep the certificate.",
            id="couples.W001",
        )


def _mail_from() -> Iterator[CheckMessage]:
    try:
        address = contact_address()
    except ImproperlyConfigured as error:
        yield Error(
            str(error),
            hint='One address, alone or in angle brackets: "Hi First <hello@hifirst.example>"',
            id="couples.E003",
        )
        return
    host = address.rsplit("@", 1)[1]
    local = host in LOOPBACK or "." not in host
    if local and (_is_open() or settings.VAPID_PRIVATE_KEY):
        yield Error(
            f"MAIL_FROM is an address at {host}, where nobody outside this machine can write to.",
            hint="Mail servers and push services refuse such a sender. Use an address of yours.",
            id="couples.E004",
        )


def _smtp_url() -> Iterator[CheckMessage]:
    at = _split(settings.SMTP_URL)
    if at is None or at.scheme not in MAIL_SCHEMES or not at.hostname:
        yield Error(
            "SMTP_URL is no address of a mail server.",
            hint="smtp://host:25, smtp+tls://user:password@host:587 or "
            "smtps://user:password@host:465; write %40 for @ and %2F for / in a password.",
            id="couples.E005",
        )


def _push_keys() -> Iterator[CheckMessage]:
    try:
        key_pair()
    except ImproperlyConfigured as error:
        yield Error(str(error), id="couples.E006")


def _is_open() -> bool:
    at = _split(settings.BASE_URL)
    return at is not None and at.scheme == "https" and at.hostname not in LOOPBACK


def _split(url: str) -> Any:
    """Return the parts of an address, or None where it has none or a port that is none."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts
