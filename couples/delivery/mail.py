"""One e-mail that says that something is waiting, and never what.

Names and words do not travel by e-mail: whoever reads over a shoulder, or owns the mailbox,
learns that the app is used and nothing more.
"""

from __future__ import annotations

from email import policy
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from couples.delivery.unsubscribe import off_link
from couples.models import Reminder

WIDE = policy.SMTP.clone(max_line_length=990)
"""Octets a line, of the 998 that RFC 5322 (2.1.1) allows."""


def message_id(reminder: UUID) -> str:
    """Return the Message-ID of every attempt to keep this promise.

    It is the same each time, so that a mailbox that gets two copies can show one.
    """
    return f"<{reminder}@{urlsplit(settings.BASE_URL).hostname}>"


class Letter(EmailMultiAlternatives):
    """A mail whose lines may be long, as far as RFC 5322 lets them.

    Folded at 78, an address in a header becomes an encoded word, which no mail program follows, and
    one in the text is broken in two.
    """

    def message(self, **_how: object) -> Any:
        """Return it as Python's email package has it."""
        return super().message(policy=WIDE)


def letter(reminder: Reminder) -> EmailMultiAlternatives:
    """Write the mail for this promise, to the person it was made to."""
    return _compose(reminder.person.email, message_id(reminder.pk), off_link(reminder))


def _compose(to: str, message_id: str, off: str) -> EmailMultiAlternatives:
    about = {"link": f"{settings.BASE_URL}/", "off": off}
    mail = Letter(
        subject=_("Hi First: something is waiting for you"),
        body=render_to_string("emails/waiting.txt", about),
        to=[to],
        headers={
            "Message-ID": message_id,
            # Keeps out-of-office replies from answering a machine (RFC 3834).
            "Auto-Submitted": "auto-generated",
            # One click in the mail program ends this kind, without signing in (RFC 8058).
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("emails/waiting.html", about), "text/html")
    return mail


class Copy(EmailMessage):
    """A letter whose bytes are written already."""

    def __init__(self, to: str, message_id: str, written: bytes) -> None:
        super().__init__(to=[to], headers={"Message-ID": message_id})
        self._written = written

    def message(self, **_how: object) -> Copy:  # type: ignore[override]
        """Return what a mail server's backend asks for the bytes."""
        return self

    def as_bytes(self) -> bytes:
        """Return the letter as it travels."""
        return self._written


class Letters:
    """The same letter to many: composed once, and addressed to each.

    To compose one (templates, headers, MIME) takes several times as long as to send it.
    """

    # As long as what takes their place, so that lines are folded alike; nobody's address.
    TO, ID, OFF = "to@copies.invalid", "<id@copies.invalid>", f"https://copies.invalid/{'o' * 120}"
    TIMES = {TO: 1, ID: 1, OFF: 3}

    def __init__(self) -> None:
        composed = _compose(self.TO, self.ID, self.OFF).message(policy=policy.SMTP).as_bytes()
        times = {blank: composed.count(blank.encode()) for blank in self.TIMES}
        # A template or an encoding that breaks a blank in two: then each is composed by itself.
        self._composed = composed if times == self.TIMES else None

    def to(self, reminder: Reminder) -> EmailMessage:
        """Return the letter for this promise; it is what `letter` returns but for its date."""
        address = reminder.person.email
        if self._composed is None or not address.isascii():
            return letter(reminder)
        own = message_id(reminder.pk)
        blanks = {self.TO: address, self.ID: own, self.OFF: off_link(reminder)}
        written = self._composed
        for blank, text in blanks.items():
            written = written.replace(blank.encode(), text.encode())
        return Copy(address, own, written)


class Post:
    """A way to the mail server for one tick: opened when first needed, closed at its end."""

    def __init__(self) -> None:
        self._server: Any = None
        self.is_away = False
        """True once the server could not be reached in this tick; nobody else need wait for it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    @property
    def is_open(self) -> bool:
        """True once the server was greeted in this tick, as far as we know."""
        return self._server is not None

    def greet(self) -> None:
        """Make sure that the server answers now; nothing has been handed over yet.

        Raises OSError (smtplib's errors are of that kind) when it does not.
        """
        if self._server is not None and not self._still_there():
            self.hang_up()
        if self._server is None:
            server = mailers["default"]
            try:
                server.open()
            except OSError:
                self.is_away = True
                raise
            self._server = server

    def hand(self, mail: EmailMessage) -> None:
        """Give the mail to the server that was greeted.

        Raises smtplib's errors for what the server refused, OSError when the line broke.
        """
        self._server.send_messages([mail])

    def hang_up(self) -> None:
        """Say goodbye if anybody is there to hear it."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.close()
            except OSError:
                # What was accepted is accepted; a server that is gone needs no goodbye.
                return

    def _still_there(self) -> bool:
        """Ask an open connection for a sign of life, so that silence is found before handing."""
        smtp = getattr(self._server, "connection", None)
        if smtp is None:
            return False
        try:
            code, _answer = smtp.noop()
        except OSError:
            return False
        return bool(code == 250)
