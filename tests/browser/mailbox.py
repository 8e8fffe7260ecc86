"""Everybody's mailbox: what the site has sent over SMTP."""

from __future__ import annotations

import re
from email.message import EmailMessage

from tests.couples.delivery.sink import Sink
from tests.waiting import eventually

CODE = re.compile(r"^[0-9A-Z]{3,}(-?[0-9A-Z]{3,})?$", re.MULTILINE)


class Mailbox:
    """Reads each mail once."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def empty(self) -> None:
        """Forget what earlier tests were sent."""
        self._sink.arrived.clear()

    def code_for(self, address: str) -> str:
        """Wait for the next mail with a code to `address`, and return the code."""
        return eventually(
            lambda: self._next_code(address), within=10, what=f"a mail with a code for {address}"
        )

    def mail_to(self, address: str, words: str) -> str:
        """Wait for a mail to `address` that holds the words, and return all of it."""
        return eventually(
            lambda: next((text for text in self._all_to(address) if words in text), ""),
            within=10,
            what=f"a mail to {address} that says {words!r}",
        )

    def _all_to(self, address: str) -> list[str]:
        return [_text(mail) for mail in list(self._sink.arrived) if mail["To"] == address]

    def _next_code(self, address: str) -> str:
        for mail in list(self._sink.arrived):
            found = CODE.search(_text(mail)) if mail["To"] == address else None
            if found:
                self._sink.arrived.remove(mail)
                return found.group()
        return ""


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return "\n".join(str(body.get_content()).splitlines())
