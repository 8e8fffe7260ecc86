"""A mail server that can be made to wait at every step of a mail, and to refuse it."""

from __future__ import annotations

import asyncio
from collections import Counter
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.servers.programs import free_port
from tests.couples.delivery.sink import TAKEN, Sink


class Gate:
    """Where the server waits while it is shut. Shut and opened from any thread."""

    def __init__(self) -> None:
        self._shut = False
        self._before = 0
        self._held: list[asyncio.Future[None]] = []

    @property
    def waiting(self) -> int:
        """How many clients wait here at the moment."""
        return sum(not each.done() for each in self._held)

    def shut(self, *, after: int = 0) -> None:
        """Let so many pass from now on, and nobody behind them."""
        self._shut, self._before = True, after

    def open(self) -> None:
        """Let everybody pass, those who wait first."""
        self._shut = False
        held, self._held = self._held, []
        for each in held:
            each.get_loop().call_soon_threadsafe(_let_pass, each)

    async def passed(self) -> None:
        """Wait while the gate is shut."""
        if self._shut and self._before:
            self._before -= 1
        elif self._shut:
            waits = asyncio.get_running_loop().create_future()
            self._held.append(waits)
            await waits


def _let_pass(waits: asyncio.Future[None]) -> None:
    if not waits.done():  # its client may be dead by now
        waits.set_result(None)


class Reception(SMTP):
    """Greets each client once the gate is open."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note who has come: nobody may stay when the server goes."""
        assert isinstance(transport, asyncio.Transport)
        self.event_handler.callers.add(transport)
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        await self.event_handler.at_greeting.passed()
        await super()._handle_client()


class Server(Controller):
    """Takes connections on a thread of its own."""

    def factory(self) -> SMTP:
        """Return what speaks with one client."""
        return Reception(self.handler, **self.SMTP_kwargs)


class Mailbox(Sink):
    """What has arrived, with a gate at each step.

    `at_greeting`  before the server says a word: nothing has been handed over
    `at_sender`    before MAIL FROM is answered: the message is on its way and not here yet
    `at_answer`    the message is here, and its 250 is withheld
    """

    def __init__(self) -> None:
        super().__init__()
        self.at_greeting, self.at_sender, self.at_answer = Gate(), Gate(), Gate()
        self.callers: WeakSet[asyncio.Transport] = WeakSet()
        port = free_port()
        self._server = Server(self, hostname="127.0.0.1", port=port, ready_timeout=30)
        self.url = f"smtp://127.0.0.1:{port}"

    def start(self) -> None:
        """Take mail from now on."""
        self._server.start()

    def stop(self) -> None:
        """Take no more."""
        self.open_all()
        # A line whose client was killed at a gate is half open, and would be waited for.
        self._server.loop.call_soon_threadsafe(self._hang_up)
        self._server.stop()

    def _hang_up(self) -> None:
        for each in list(self.callers):
            each.abort()

    def open_all(self) -> None:
        """Hold nobody up and refuse nobody."""
        self.to_recipient = TAKEN
        for gate in (self.at_greeting, self.at_sender, self.at_answer):
            gate.open()

    def copies(self) -> Counter[str]:
        """Return how many messages there are of each Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in list(self.arrived))

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, once the gate is open."""
        await self.at_sender.passed()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return TAKEN

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, and say so once the gate is open."""
        answer = await super().handle_DATA(server, session, envelope)
        await self.at_answer.passed()
        return answer
