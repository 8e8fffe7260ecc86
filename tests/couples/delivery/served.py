"""Our ASGI applications behind the real server, and a phone that listens to it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection

from config.servers.programs import free_port
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]
HEARTBEAT = 0.5  # seconds
SOON = 10.0  # seconds; the machine may be busy


class Served:
    """One of the applications in config/asgi.py under granian, on the database of the test."""

    def __init__(self, application: str, *, redis_url: str, static: Path | None = None) -> None:
        self.port = free_port()
        database = urlsplit(os.environ["DATABASE_URL"])
        name = str(connection.settings_dict["NAME"])
        environment = os.environ | {
            "DATABASE_URL": database._replace(path=f"/{name}").geturl(),
            "REDIS_URL": redis_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "LIVE_HEARTBEAT": str(HEARTBEAT),
        }
        if static is not None:
            environment["STATIC_DIR"] = str(static)
            collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
            subprocess.run(collect, cwd=ROOT, env=environment, check=True)
        server = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws"]
        where = ["--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*server, *where, f"config.asgi:{application}"], cwd=ROOT, env=environment
        )
        eventually(lambda: self.status("/live/") == 204, within=60, what="the server answers")

    def status(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:
        """Ask once; return the status, or 0 when nobody answers."""
        ask = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        try:
            ask.request(method, path, body=body, headers=headers or {})
            return ask.getresponse().status
        except OSError:
            return 0
        finally:
            ask.close()

    def threads(self) -> int:
        """Return how many threads the server and its workers have."""
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        return sum(process.num_threads() for process in family)

    def stop(self) -> int:
        """Ask it to stop as an operator would; return its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=SOON)
        finally:
            self.process.kill()
            self.process.wait()


class Phone:
    """An open page: everything its stream has told it, as pairs of event and data."""

    def __init__(self, server: Served, session_key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_key}"
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        self._connection.request("GET", "/live/", headers=headers)
        self.response = self._connection.getresponse()
        self.told: list[tuple[str, str]] = []
        self.comments = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        # The socket is shut down first: the reader sits in it.
        self._connection.sock.shutdown(2)
        self._reader.join(SOON)
        self._connection.close()

    def _read(self) -> None:
        event = ""
        try:
            for line in self.response:
                field, _colon, value = line.decode().rstrip("\n").partition(": ")
                if field == "event":
                    event = value
                elif field == "data":
                    self.told.append((event, value))
                elif line.startswith(b":"):
                    self.comments += 1
        except (OSError, http.client.HTTPException):
            return

    @property
    def ended(self) -> bool:
        """True once the server has closed the stream."""
        return not self._reader.is_alive()

    def hears(self, event: str, name: str) -> None:
        """Wait until this was told."""
        eventually(lambda: (event, name) in self.told, within=SOON, what=f"{event} {name} arrives")

    def ends(self) -> None:
        """Wait until the server has closed the stream."""
        eventually(lambda: self.ended, within=SOON, what="the stream ends")
