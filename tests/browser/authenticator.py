"""A code app on somebody's phone (RFC 6238): six digits, new every thirty seconds."""

from __future__ import annotations

import base64
import hmac
import time

from tests.waiting import eventually

PERIOD = 30  # seconds
DIGITS = 6
ENOUGH = 15
"""Seconds of a period that typing a code and sending it may take."""


def code_now(secret: str) -> str:
    """Return what the app shows now for a secret in base32, and for a few seconds to come."""
    eventually(_stays, within=PERIOD, what="a code that does not change while it is typed")
    counter = int(time.time()) // PERIOD
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def _stays() -> bool:
    return time.time() % PERIOD < PERIOD - ENOUGH
