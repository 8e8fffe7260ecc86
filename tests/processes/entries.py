"""The ways into the site: its two servers as the table starts them, and Caddy in front of one."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from ruamel.yaml import YAML

from config.servers.programs import LOOPBACK, free_port
from config.servers.supervisor import ROOT
from config.servers.table import GRANIAN_LOGS, PROCESSES
from couples.models import Partner
from tests.browser.site import database_url
from tests.couples.delivery.test_live_admission import signed_in
from tests.processes.running import Running
from tests.waiting import eventually

READY_WITHIN = 60.0  # seconds; two cores may be shared with the whole test run
PATIENCE = 120.0
TOKEN = "a" * 32


@dataclass
class Answer:
    """What came back; a status of 0 when nobody answered."""

    status: int
    headers: http.client.HTTPMessage | None = None
    body: str = ""


@dataclass
class Entry:
    """One way into the site."""

    port: int
    running: Running
    is_proxy: bool = False

    @property
    def log(self) -> str:
        """What its server has printed so far."""
        return self.running.log.read_text()

    def ask(
        self, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Ask once, by POST when there is a body."""
        asking = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE)
        try:
            asking.request("POST" if body is not None else "GET", path, body, headers or {})
            response = asking.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            asking.close()

    def send(self, *parts: bytes, hang_up: bool = False) -> Answer:
        """Send bytes as they are, and nothing after them; return what was answered."""
        with socket.create_connection((LOOPBACK, self.port), timeout=PATIENCE) as phone:
            with suppress(OSError):  # it may have been refused before it was sent
                for part in parts:
                    phone.sendall(part)
                if hang_up:
                    phone.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(phone)
            try:
                response.begin()
                return Answer(response.status, response.headers, response.read().decode())
            except (OSError, http.client.HTTPException):
                return Answer(0)


def started(name: str, folder: Path, stack: ExitStack, **environment: str) -> Entry:
    """Start a server of the table on the database of the test, and wait until it answers."""
    command = {process.name: process.command for process in PROCESSES}[name]
    port = free_port()
    told = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "GRANIAN_HOST": LOOPBACK,
        "GRANIAN_LOG_CONFIG": GRANIAN_LOGS,
        "GRANIAN_PORT": str(port),
        "GRANIAN_WORKERS": "1",
        "LOG_LEVEL": "WARNING",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": settings.SECRET_KEY,
        **environment,
    }
    entry = Entry(port, Running(command, told, folder / f"{name}-{port}.log", stack))
    ready = lambda: entry.ask("/readyz").status == 200 or entry.running.process.poll() is not None  # noqa: E731
    eventually(ready, within=READY_WITHIN, what=f"{name} answers")
    assert entry.running.process.poll() is None, entry.log
    return entry


def collected(folder: Path) -> str:
    """Collect the static files, without which no page is shown; return where they are."""
    environment = {**os.environ, "STATIC_DIR": str(folder)}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    return str(folder)


def caddyfile(*, port: int, web: int, live: int) -> str:
    """Return the Caddyfile of docker-compose.yml, for one machine without names and TLS."""
    compose = YAML(typ="safe", pure=True).load(ROOT / "docker-compose.yml")
    text: str = compose["configs"]["caddyfile"]["content"].replace("$$", "$")
    text = text.replace("{$BASE_URL}", f"http://{LOOPBACK}:{port}")
    text = text.replace("web:8000", f"{LOOPBACK}:{web}").replace("live:8000", f"{LOOPBACK}:{live}")
    assert not re.search(r"\bweb\b|\{\$", text)
    return "{\n\tadmin off\n}\n" + text


def behind_caddy(web: Entry, folder: Path, stack: ExitStack) -> Entry:
    """Start Caddy as docker-compose does, in front of the pages (which stand in for the stream)."""
    program = shutil.which("caddy")
    assert program, "these tests need caddy on the PATH"
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(caddyfile(port=port, web=web.port, live=web.port))
    command = (program, "run", "--config", str(config), "--adapter", "caddyfile")
    kept = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    running = Running(command, {**os.environ, **kept}, folder / "caddy.log", stack)
    entry = Entry(port, running, is_proxy=True)
    eventually(
        lambda: entry.ask("/healthz").status == 200, within=READY_WITHIN, what="Caddy answers"
    )
    return entry


def cookies(partner: Partner) -> str:
    """Return the cookies of a phone on which this partner is signed in."""
    session = f"{settings.SESSION_COOKIE_NAME}={signed_in(partner.person)}"
    return f"{session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def form(**fields: str) -> bytes:
    """Return fields as a browser sends them."""
    return urlencode(fields).encode()
