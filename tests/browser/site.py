"""The real site in a process of its own, as `make run` starts it, for one worker of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.db import connection

from config.servers.programs import BIN, LOOPBACK, free_port
from config.servers.supervisor import ROOT
from config.servers.table import PROCESSES
from couples.delivery.vapid import new_pair
from tests.waiting import eventually

READY_WITHIN = 60.0  # seconds; two cores may be shared with the whole test run
STOPS_WITHIN = 20.0


class Site:
    """Pages and live line on a free port of the loopback address, over the tests' database."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            **os.environ,
            "BASE_URL": self.url,
            "DATABASE_URL": database_url(),
            "DEMO": "false",
            "GRANIAN_HOST": LOOPBACK,
            "GRANIAN_PORT": str(self.port),
            "GRANIAN_WORKERS": "1",
            "LOG_LEVEL": "WARNING",
            "MAIL_FROM": "Hi First <hello@example.com>",
            "SMTP_URL": f"smtp://{LOOPBACK}:{mail_port}",
            "STATIC_DIR": str(folder / "static"),
        }
        pair = new_pair()
        self.environment |= {
            "VAPID_PRIVATE_KEY": pair.private,
            "VAPID_PUBLIC_KEY": pair.public,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """Its own name and port, beside which no page of ours talks to anybody."""
        return urlsplit(self.url).netloc

    @property
    def session_cookie(self) -> str:
        return f"session_{self.port}"

    @property
    def readiness(self) -> str:
        """Where it says that it is ready."""
        return f"{self.url}/readyz"

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return (self.folder / "log").read_text()

    def manage(self, *command: str) -> str:
        """Run a management command as an operator would; return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Collect the static files, start the process, and return when it answers."""
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        table = {process.name: process for process in PROCESSES}
        command = [str(BIN / table["site"].command[0]), *table["site"].command[1:]]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        eventually(self._is_ready, within=READY_WITHIN, what="the site answers on /readyz")

    def stop(self) -> None:
        """End the process, kindly first."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log
        try:
            with urllib.request.urlopen(self.readiness, timeout=5) as answer:  # noqa: S310
                status: int = answer.status
                return status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def database_url() -> str:
    """Return the address of the database that this worker's tests use."""
    told = connection.settings_dict
    who = quote(told["USER"] or "", safe="")
    if told["PASSWORD"]:
        who += ":" + quote(told["PASSWORD"], safe="")
    return f"postgres://{who}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def at_rest() -> bool:
    """True when no other connection is at work in the tests' database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        found = cursor.fetchone()
    return found is not None and found[0] == 0
