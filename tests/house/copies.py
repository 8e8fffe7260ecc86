"""A running copy of Hi First, as a person starts it, seen from outside."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from config.servers.supervisor import ROOT
from tests.waiting import eventually

STARTS_WITHIN = 120.0  # seconds; two cores may be shared with the whole test run
STOPS_WITHIN = 60.0

# What belongs to the test run itself must not be taken up by a copy.
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VAULT_KEYS", "SMTP_URL", "STATIC_DIR")


class Copy:
    """`python -m config.servers run`, which is what `make run` calls."""

    def __init__(self, folder: Path, port: int, *, path: str | None, output: int) -> None:
        self.folder = folder
        self.port = port
        environment = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
        environment |= {"DATA_DIR": str(folder), "PORT": str(port)}
        if path is not None:
            environment["PATH"] = path
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.servers", "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        if self.process.stdout is not None:
            for line in self.process.stdout:
                self._lines.append(line)

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return "".join(self._lines)

    def runs(self) -> "Copy":
        """Wait until it says that it runs."""
        eventually(
            lambda: "Hi First runs:" in self.said or self.process.poll() is not None,
            within=STARTS_WITHIN,
            what=f"the copy runs; it said:\n{self.said}",
        )
        assert self.process.poll() is None, self.said
        return self

    def ends(self) -> int:
        """Wait until it has ended; return its exit code."""
        code = self.process.wait(timeout=STOPS_WITHIN)
        self._reader.join(timeout=STOPS_WITHIN)
        return code

    def family(self) -> list[psutil.Process]:
        """Its processes, at whatever depth, itself left out."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process:
        """The first of its direct children with a word in its command line."""
        direct = psutil.Process(self.process.pid).children()
        return next(p for p in direct if any(word in part for part in p.cmdline()))

    def get(self, path: str, *, host: str = "127.0.0.1") -> int:
        """Ask for a page; return the status, or 0 when nobody answers."""
        connection = http.client.HTTPConnection(host, self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def kill(self) -> None:
        """End it whatever its state, asking kindly first."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(timeout=STOPS_WITHIN)
        if self.process.stdout is not None:
            self.process.stdout.close()


def all_gone(processes: list[psutil.Process]) -> bool:
    """Say whether none of the processes lives; one that only waits to be counted is gone."""
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )
