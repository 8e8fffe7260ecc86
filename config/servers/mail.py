"""Where mail goes in `make run`: into the terminal and into a folder, never out of the machine.

`python -m config.servers.mail PORT FOLDER`
"""

import asyncio
import email
import email.policy
import signal
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.servers.programs import LOOPBACK, Program, answers, free_port


def program(folder: Path) -> tuple[Program, str]:
    """Return the sink and its SMTP_URL; each mail becomes one .eml file in `folder`."""
    port = free_port()
    command = (sys.executable, "-m", "config.servers.mail", str(port), str(folder))
    sink = Program(name="mail", command=command, is_ready=lambda: answers(port), needed=False)
    return sink, f"smtp://{LOOPBACK}:{port}"


def readable(message: EmailMessage) -> str:
    """Return a mail as a person reads it: who, to whom, subject, and the plain text."""
    body = message.get_body(preferencelist=("plain", "html"))
    text = str(body.get_content()).strip() if body else ""
    head = [f"{name}: {message[name]}" for name in ("From", "To", "Subject") if message[name]]
    return "\n".join([*head, "", text, "-" * 40])


class Sink:
    """Takes every mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.count = 0

    async def handle_DATA(  # noqa: N802  aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Write the mail to a file of its own, and show it."""
        raw = envelope.content
        if not isinstance(raw, bytes):
            return "554 not understood"
        self.count += 1
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = self.folder / f"{now}-{self.count:04}.eml"
        # Whole or not at all: whoever looks into the folder sees no half mail.
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(raw)
        unfinished.replace(path)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        print(readable(message), f"(kept in {path})", sep="\n", flush=True)
        return "250 kept"


async def serve(port: int, folder: Path) -> None:
    """Take mail until ended."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    controller = UnthreadedController(Sink(folder), hostname=LOOPBACK, port=port, loop=loop)
    server = await loop.create_server(controller.factory, LOOPBACK, port)
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
