"""A mail server that takes mail for real, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


class Sink:
    """What has arrived, and what the server answers.

    `to_recipient` and `to_message` are answers as SMTP writes them; `to_message` may be None, and
    the connection then breaks after the message was taken, without an answer.
    """

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.connections = 0
        self.to_recipient = TAKEN
        self.to_message: str | None = TAKEN
        self.meanwhile: Callable[[], None] = lambda: None
        """Done while the client waits for the answer to its message."""

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        """Count who says hello."""
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or not."""
        if self.to_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the message, then answer as told."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        await asyncio.to_thread(self.meanwhile)
        if self.to_message is None or self.to_message == TAKEN:
            self.arrived.append(message)
        if self.to_message is None:
            transport: Any = server.transport
            transport.abort()
            return TAKEN
        return self.to_message


class SinkServer(Controller):
    """A sink on a free loopback port, in a thread of its own."""

    def __init__(self, sink: Sink, port: int) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=port, ready_timeout=10)
