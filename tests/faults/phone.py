"""A phone as static/js makes it: taps repeated until they are answered, and a live page."""

from __future__ import annotations

import http.client
import random
import re
import socket
import struct
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.conf import settings

from couples.models import Partner
from tests.couples.delivery.test_live_admission import signed_in

TOKEN = "a" * 32
PATIENCE = 15.0
"""Seconds without an answer after which a tap counts as undecided (static/js/taps.js)."""

CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"[^\"]*")
"""What differs between two looks at the same page: keys of the next taps."""


@dataclass(frozen=True)
class Answer:
    """What came back; a status of 0 when nobody answered."""

    status: int
    body: str = ""

    @property
    def decided(self) -> bool:
        """True when it says what has become of a tap, as static/js/taps.js has it."""
        return 200 <= self.status < 500 and self.status not in {401, 403, 408, 425, 429}

    @property
    def problem(self) -> str:
        """What the author of a refused tap is told."""
        found = re.search(r'notice-error"[^>]*>(.*?)</', self.body, re.DOTALL)
        return found[1].strip() if found else ""


@dataclass(frozen=True)
class Tap:
    """One tap: what is kept on the phone until it is answered."""

    path: str
    day: date
    key: uuid.UUID = field(default_factory=uuid.uuid4)


class Phone:
    """One signed-in phone of a partner."""

    def __init__(self, port: int, partner: Partner) -> None:
        self.port = port
        self.partner = partner
        self._session = signed_in(partner.person)
        self.repeated = 0
        """How often a tap of it went unanswered and was sent again."""

    @property
    def cookie(self) -> str:
        """The cookies it sends."""
        ours = f"{settings.SESSION_COOKIE_NAME}={self._session}"
        return f"{ours}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def ask(self, path: str, fields: dict[str, str] | None = None, *, htmx: bool = True) -> Answer:
        """Ask once, by POST when there are fields."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "X-CSRFToken": TOKEN}
        if htmx:
            headers["HX-Request"] = "true"
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if fields is None else urlencode(fields)
        try:
            asking.request("GET" if fields is None else "POST", path, body=body, headers=headers)
            response = asking.getresponse()
            return Answer(response.status, response.read().decode())
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            asking.close()

    def tap(self, tap: Tap) -> Answer:
        """Send a tap once."""
        return self.ask(tap.path, {"day": tap.day.isoformat(), "client_key": str(tap.key)})

    def tap_until_answered(self, tap: Tap, ended: threading.Event) -> Answer:
        """Send a tap with the same key until it is decided, or until `ended`."""
        while not (answer := self.tap(tap)).decided:
            self.repeated += 1
            if ended.wait(0.05 + random.random() / 10):
                break
        return answer

    def board(self) -> str:
        """Return what Today shows now, but for the keys of its next taps."""
        return CHANGING.sub("", self.ask("/").body)


class LivePage:
    """An open page with its stream, which asks again when static/js/live.js would."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.shown = phone.board()
        self.asked = 0
        self.openings = 0
        self._connection: http.client.HTTPConnection | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Kill the socket of the stream, without a goodbye."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                reset = struct.pack("ii", 1, 0)
                connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Leave the page."""
        self._closed.set()
        self.cut()
        self._thread.join(PATIENCE)

    def _live(self) -> None:
        missed = False
        while not self._closed.is_set():
            with suppress(OSError, http.client.HTTPException):
                self._listen(missed=missed)
            missed = True
            self._closed.wait(0.1 + random.random() / 5)

    def _listen(self, *, missed: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.phone.port, timeout=PATIENCE)
        self._connection = connection
        try:
            connection.request("GET", "/live/", headers={"Cookie": self.phone.cookie})
            response = connection.getresponse()
            if response.status != 200:
                return
            self.openings += 1
            if missed:
                self._ask_again()
            for line in response:
                if line in {b"event: changed\n", b"event: resync\n"}:
                    self._ask_again()
        finally:
            connection.close()

    def _ask_again(self) -> None:
        self.asked += 1
        shown = self.phone.board()
        self.shown = shown or self.shown
