"""Thousands of open streams, held by plain sockets: phones that listen to the live line."""

from __future__ import annotations

import json
import random
import resource
import socket
import string
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from bench.processes import started, until
from config.servers.programs import LOOPBACK, answers, free_port
from config.servers.table import PROCESSES
from couples.clock import database_now
from couples.models import Person

AT_ONCE = 64
"""Streams asked for before the first of them has to be open."""

OPENS_WITHIN = 30.0
"""Seconds."""


@contextmanager
def live_line(
    application: str, *, core: int, heartbeat: float | None = None
) -> Iterator[tuple[int, int]]:
    """Hold an application under the server of the live line; yield its process and its port."""
    (command,) = (process.command for process in PROCESSES if process.name == "live")
    port = free_port()
    tells = {"GRANIAN_HOST": LOOPBACK, "GRANIAN_PORT": str(port), "GRANIAN_WORKERS": "1"}
    tells["GRANIAN_LOG_LEVEL"] = "warning"
    if heartbeat is not None:
        tells["LIVE_HEARTBEAT"] = str(heartbeat)
    with started((*command[:-1], application), core=core, tells=tells) as process:
        until(lambda: answers(port), what="the live line answers")
        yield process.pid, port


def sign_in(people: Sequence[Person]) -> list[str]:
    """Return the key of a new session of each of them."""
    store, until_then = SessionStore(), database_now() + timedelta(days=1)
    backend = settings.AUTHENTICATION_BACKENDS[0]
    sessions = []
    for person in people:
        signed_in = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: backend,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        key = "".join(random.choices(string.ascii_lowercase + string.digits, k=32))
        kept = store.encode(signed_in)
        sessions.append(Session(session_key=key, session_data=kept, expire_date=until_then))
    Session.objects.bulk_create(sessions, batch_size=1000)
    return [session.session_key for session in sessions]


class Phones:
    """Open streams, one a session, and everything each has been told and not been asked for."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        self._port = port
        self._stack = stack
        self.lines: list[socket.socket] = []

    def open(self, sessions: Sequence[str]) -> None:
        """Open one more stream for each session, and see that each says hello."""
        for first in range(0, len(sessions), AT_ONCE):
            opened = [self._ask(key) for key in sessions[first : first + AT_ONCE]]
            for line in opened:
                _read_to(line, b"data: hello\n\n")
            self.lines += opened

    def hear_a_beat(self) -> None:
        """Wait until each stream has had another sign of life."""
        for line in self.lines:
            _read_to(line, b": \n\n")

    def _ask(self, session_key: str) -> socket.socket:
        line = socket.create_connection((LOOPBACK, self._port), timeout=OPENS_WITHIN)
        self._stack.callback(line.close)
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_key}"
        asked = f"GET /live/ HTTP/1.1\r\nHost: {LOOPBACK}:{self._port}\r\nCookie: {cookie}\r\n\r\n"
        line.sendall(asked.encode())
        return line


@contextmanager
def phones(port: int) -> Iterator[Phones]:
    """Hold phones, which all hang up at the end."""
    with ExitStack() as stack:
        yield Phones(port, stack)


def allow_files(wanted: int) -> None:
    """Let this process, and those it starts, open so many files; SystemExit when it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
    except (ValueError, OSError):
        sys.exit(f"This needs {wanted} open files and may have {hard}: ulimit -n {wanted}.")


def _read_to(line: socket.socket, end: bytes) -> None:
    """Read until `end` has come; what came before and after it is forgotten."""
    said = b""
    while end not in said:
        more = line.recv(4096)
        if not more:
            sys.exit(f"A stream ended: {json.dumps(said.decode(errors='replace'))}")
        said += more
