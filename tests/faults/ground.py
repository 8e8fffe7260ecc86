"""The ground on which faults happen: servers of their own, and our processes on them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

import redis
from django.conf import settings
from django.test import override_settings

from config.servers.programs import free_port
from config.servers.redis import real_server
from config.servers.supervisor import ROOT
from config.servers.table import PROCESSES
from couples.delivery.vapid import KeyPair, new_pair
from tests.couples.delivery.push_service import PushService
from tests.couples.delivery.redis_server import RedisServer
from tests.faults.database import Database
from tests.faults.mailbox import Mailbox
from tests.processes.running import Running

LEASE = 5
"""Seconds for which a claimed promise is left to its worker, here."""

LONG = "600"
"""Seconds of a lease that is ended by hand: a busy machine must not end it first."""

HURRIED = {"config": "tests.faults.hurried"}
"""The name under which Celery finds our app, with a shorter tick."""

COMMANDS = {
    process.name: tuple(HURRIED.get(word, word) for word in process.command)
    for process in PROCESSES
}


class Process(Running):
    """One of our processes, which may be killed and frozen with all its children."""

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it without a chance to say anything, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """Let no time pass in it."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        self.signal(signal.SIGCONT)

    def end(self) -> None:
        """Ask it to end; a frozen one could not."""
        self.thaw()
        super().end()


class Kept:
    """A process that is started again when it ends, as the supervisor of an installation does."""

    def __init__(self, begin: Callable[[ExitStack], Process], stack: ExitStack) -> None:
        self.lives = 1
        self._begin = begin
        self._stack = stack
        self.process = begin(stack)
        self._left = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()
        stack.callback(self._leave)

    def _keep(self) -> None:
        while not self._left.wait(0.2):
            if self.process.process.poll() is not None:
                self.process = self._begin(self._stack)
                self.lives += 1

    def _leave(self) -> None:
        self._left.set()
        self._keeper.join()


class Broker(RedisServer):
    """A Redis that may be killed, frozen and filled up."""

    def ask(self, *words: str | int) -> object:
        """Send one command and return its answer."""
        with redis.Redis.from_url(self.url, socket_timeout=10) as client:
            return client.execute_command(*words)

    def freeze(self) -> None:
        """Let it take connections and say nothing."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


class Ground:
    """PostgreSQL, Redis, a mail server, a push service, and whatever is started on them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._count = 0
        self.keys: KeyPair = new_pair()
        program = real_server()
        assert program, "faults need redis-server or valkey-server on the PATH"
        self.database = Database(folder / "postgres")
        self.database.start()
        stack.callback(self.database.stop)
        self.broker = Broker(program, free_port(), folder)
        self.broker.start()
        stack.callback(self.broker.stop)
        self.mailbox = Mailbox()
        self.mailbox.start()
        stack.callback(self.mailbox.stop)
        self.push = PushService()
        self.push.start()
        stack.callback(self.push.stop)
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment(), check=True)

    @classmethod
    @contextmanager
    def laid(cls) -> Iterator[Self]:
        """Lay the ground, and clear everything away at the end."""
        with ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="hifirst-faults-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.chmod(0o711)  # as root, PostgreSQL is another user and must pass through
            yield cls(folder, stack)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Let the models of this process stand on this ground."""
        known = override_settings(PUSH_SERVICES=[self.push.origin])
        with self.database.asked(), known:
            yield

    def environment(self) -> dict[str, str]:
        """Return what the processes are told."""
        return {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "DELIVERY_LEASE": str(LEASE),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_PUSH_ORIGIN": self.push.origin,
            "MAIL_FROM": "Hi First <hello@hifirst.example>",  # push services read it as well
            "LIVE_HEARTBEAT": "0.5",
            "LOG_LEVEL": "WARNING",
            "REDIS_URL": self.broker.url,
            "SECRET_KEY": settings.SECRET_KEY,
            "SMTP_URL": self.mailbox.url,
            "VAPID_PRIVATE_KEY": self.keys.private,
            "VAPID_PUBLIC_KEY": self.keys.public,
        }

    def start(self, stack: ExitStack, name: str, *words: str, **told: str) -> Process:
        """Start a process by its name in the table; it is ended with the stack at the latest."""
        self._count += 1
        log = self.folder / f"{self._count:03}-{name}.log"
        return Process((*COMMANDS[name], *words), {**self.environment(), **told}, log, stack)

    def worker(self, stack: ExitStack, *, at_once: int = 1, **told: str) -> Process:
        """Start a worker that has so many children to do its tasks."""
        self._count += 1
        name = f"worker{self._count}@faults"
        return self.start(stack, "worker", "-c", str(at_once), "-n", name, **told)

    def kept(self, stack: ExitStack, name: str, **told: str) -> Kept:
        """Start a beat or a worker that is started again whenever it ends."""

        def begin(life: ExitStack) -> Process:
            return (
                self.worker(life, at_once=1, **told)
                if name == "worker"
                else self.start(life, name, **told)
            )

        return Kept(begin, stack)

    def last_words(self, *, lines: int = 12) -> str:
        """Return how the logs of the processes end, the latest started last."""
        ends = []
        for log in sorted(self.folder.glob("*.log")):
            said = log.read_text(errors="replace").splitlines()[-lines:]
            ends += [f"    {log.stem} | {line}" for line in said if line.strip()]
        return "\n".join(ends)
