"""A PostgreSQL of the faults' own, which may be stopped at once and killed.

It writes everything down with care, as in production: what was committed is there afterwards.
"""

from __future__ import annotations

import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
from django.db import connections

from config.servers import postgres
from tests.waiting import eventually

READY_WITHIN = 60.0  # seconds; after a crash it recovers first


class Database:
    """The server, on one folder and one port for all its lives."""

    def __init__(self, folder: Path) -> None:
        self._program, self.url = postgres.program(folder, secrets.token_hex(16), keeps=True)
        self._folder = folder
        self._log = folder.with_name("postgres.log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it can be asked."""
        user, group = self._program.run_as or (None, None)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._program.command, cwd="/", stdout=log, stderr=log, user=user, group=group,
                extra_groups=[] if user is not None else None, start_new_session=True,
            )  # fmt: skip
        assert self._program.is_ready is not None
        eventually(self._program.is_ready, within=READY_WITHIN, what="PostgreSQL can be asked")

    def stop_at_once(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: nothing is finished, nothing written out."""
        user, group = self._program.run_as or (None, None)
        command = [str(postgres.binaries() / "pg_ctl"), "stop", "-D", str(self._folder), "-w"]
        subprocess.run(
            [*command, "-m", "immediate"], check=True, cwd="/", user=user, group=group,
            extra_groups=[] if user is not None else None, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._gone()

    def kill(self) -> None:
        """Kill it and all its children in the middle of whatever they do, as a power cut would."""
        assert self._process is not None
        parent = psutil.Process(self._process.pid)
        family = [parent, *parent.children(recursive=True)]
        # The parent first: it would clean up after a child that was killed.
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._process.wait()
        psutil.wait_procs(family, timeout=10)
        self._process = None

    def stop(self) -> None:
        """End it for good."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._gone()

    def _gone(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=30)
        self._process = None

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Let the models of this process ask this server, in every thread."""
        there = urlsplit(self.url)
        ours = {
            "HOST": there.hostname,
            "PORT": there.port,
            "NAME": there.path.lstrip("/"),
            "USER": there.username,
            "PASSWORD": there.password,
        }
        connections.close_all()
        settings = connections["default"].settings_dict  # one for all threads
        before = {name: settings[name] for name in ours}
        settings.update(ours)
        try:
            yield
        finally:
            connections.close_all()
            settings.update(before)

    def count(self, question: str) -> int:
        """Return the one number that `question` asks for, on a connection of its own."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(question.encode()).fetchone()
            assert row is not None
            return int(row[0])
