"""A process of Hi First that a test started, and the mail it sends."""

from __future__ import annotations

import email
import email.policy
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

from config.servers.mail import program as mail_program
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN = 30  # seconds


class Running:
    """One process with its children, ended when the stack is left."""

    def __init__(
        self, command: tuple[str, ...], environment: Mapping[str, str], log: Path, stack: ExitStack
    ) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**environment, "PATH": path},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        stack.callback(self.end)

    def end(self) -> None:
        """Ask it to end, and make sure that none of its children is left."""
        self.process.terminate()
        try:
            self.process.wait(timeout=ENDS_WITHIN)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


class MailSink:
    """The mail server of `make run`, whose mail is in a folder."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        sink, self.url = mail_program(folder)
        log = folder.with_name("sink.log")
        self._running = Running(sink.command, os.environ, log, stack)
        assert sink.is_ready is not None
        eventually(sink.is_ready, within=30, what="the mail server answers")

    def arrived(self) -> list[EmailMessage]:
        """Return all mail so far, oldest first."""
        mails = []
        for path in sorted(self.folder.glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            mails.append(mail)
        return mails

    def recipients(self) -> list[str]:
        """Return to whom each mail so far went."""
        return [str(mail["To"]) for mail in self.arrived()]
