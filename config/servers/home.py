"""DATA_DIR: the one folder in which a running copy keeps what it needs."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from config.servers.programs import CannotStart
from couples.delivery.vapid import new_pair

LEFTOVERS_MAY_TAKE = 15.0
"""Seconds for processes of a killed run to end by themselves."""


class Home:
    """The data folder of one running copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mail = self.folder / "mail"
        self.static = self.folder / "static"
        self.postgres = self.folder / "postgres"
        self._children = self.folder / "children.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process; raise CannotStart if another one holds it."""
        with (self.folder / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                holder = lock.read().strip() or "unknown"
                raise CannotStart(
                    f"already running from {self.folder} (process {holder}). Stop it with Ctrl-C"
                    " where it runs, or start a second copy beside it:"
                    " make run PORT=8100 DATA_DIR=.data-2"
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def secrets(self) -> dict[str, str]:
        """Return keys and passwords for local use, made once and readable by the owner alone."""
        kept = self.folder / "secrets.json"
        had: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
        pair = new_pair()
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "VAULT_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
            "POSTGRES_PASSWORD": secrets.token_hex(16),
            "REDIS_PASSWORD": secrets.token_hex(16),
            "VAPID_PRIVATE_KEY": pair.private,
            "VAPID_PUBLIC_KEY": pair.public,
        }
        if not made.keys() <= had.keys():  # a folder from before push has no keys for it
            write_private(kept, json.dumps(made | had))
        return made | had

    def remember(self, pids: list[int]) -> None:
        """Note which processes are ours, for a start after this one was killed."""
        alive = []
        for pid in pids:
            with suppress(psutil.Error):
                alive.append([pid, psutil.Process(pid).create_time()])
        self._children.write_text(json.dumps(alive))

    def clear_leftovers(self) -> int:
        """End what a killed run of this folder left behind; return how many there were.

        A process is known by its id and the moment of its start, so that an id given out again
        is never taken for ours. Call with the lock held.
        """
        try:
            noted = json.loads(self._children.read_text())
        except (OSError, ValueError):
            return 0
        left = [process for pid, born in noted if (process := _same_process(pid, born))]
        for process in left:
            with suppress(psutil.Error):
                process.terminate()
        _, stubborn = psutil.wait_procs(left, timeout=LEFTOVERS_MAY_TAKE)
        for process in stubborn:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(stubborn, timeout=LEFTOVERS_MAY_TAKE)
        self._children.unlink(missing_ok=True)
        return len(left)


def _same_process(pid: int, born: float) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - born) < 1 else None
    except psutil.Error:
        return None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w") as file:
        file.write(text)
    unfinished.replace(path)
