"""A mail server that takes everything and counts: `python -m bench.sink PORT COUNTS_PORT`.

It speaks SMTP for real (aiosmtpd) and does nothing with a message but note when it came. On its
second port it says what it has counted, and begins anew.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.processes import started, until
from config.servers.programs import LOOPBACK, answers, free_port


@dataclass(frozen=True)
class Counted:
    """The mail that came, and when the first and the last of it did."""

    mails: int
    senders: int
    first: float
    last: float

    @property
    def a_second(self) -> float:
        """Messages a second between the first and the last."""
        return (self.mails - 1) / (self.last - self.first)


class Counter:
    """Takes every mail."""

    def __init__(self) -> None:
        self.came: list[float] = []
        self.senders: set[object] = set()

    async def handle_DATA(  # noqa: N802  aiosmtpd calls it by this name
        self, _server: SMTP, session: Session, _envelope: Envelope
    ) -> str:
        """Note when it came."""
        self.came.append(time.monotonic())
        self.senders.add(session.peer)
        return "250 OK"

    async def tell(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say what was counted, and begin anew."""
        first, last = (self.came[0], self.came[-1]) if self.came else (0.0, 0.0)
        counted = [len(self.came), len(self.senders), first, last]
        self.came, self.senders = [], set()
        writer.write(json.dumps(counted).encode())
        writer.close()


class Sink:
    """A sink that runs in a process of its own."""

    def __init__(self, port: int, counts: int) -> None:
        self.port = port
        self.url = f"smtp://{LOOPBACK}:{port}"
        self._counts = counts

    def counted(self) -> Counted:
        """Return what came since this was last asked."""
        with socket.create_connection((LOOPBACK, self._counts), timeout=10) as line:
            said = b"".join(iter(lambda: line.recv(4096), b""))
        return Counted(*json.loads(said))


@contextmanager
def sink(*, core: int | None) -> Iterator[Sink]:
    """Hold a sink."""
    port, counts = free_port(), free_port()
    command = (sys.executable, "-m", "bench.sink", str(port), str(counts))
    with started(command, core=core):
        until(lambda: answers(counts), what="the mail server answers")
        yield Sink(port, counts)


async def serve(port: int, counts: int) -> None:
    """Take mail until ended."""
    loop, counter = asyncio.get_running_loop(), Counter()
    mail = await loop.create_server(lambda: SMTP(counter, hostname="sink"), LOOPBACK, port)
    told = await asyncio.start_server(counter.tell, LOOPBACK, counts)
    async with mail, told:
        await asyncio.gather(mail.serve_forever(), told.serve_forever())


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
