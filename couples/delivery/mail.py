"""One e-mail that says that something is waiting, and never what.

Names and words do not travel by e-mail: whoever reads over a shoulder, or owns the mailbox,
learns that the app is used and nothing more.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from couples.delivery.ending import off_link
from couples.models import Reminder


def message_id(reminder: UUID) -> str:
    """Return the Message-ID of every attempt to keep this promise.

    It is the same each time, so that a mailbox that gets two copies can show one.
    """
    return f"<{reminder}@{urlsplit(settings.BASE_URL).hostname}>"


def letter(reminder: Reminder) -> EmailMultiAlternatives:
    """Write the mail for this promise, to the person it was made to."""
    off = off_link(reminder)
    about = {"link": f"{settings.BASE_URL}/", "off": off}
    mail = EmailMultiAlternatives(
        subject=_("Hi First: something is waiting for you"),
        body=render_to_string("emails/waiting.txt", about),
        to=[reminder.person.email],
        headers={
            "Message-ID": message_id(reminder.pk),
            # Keeps out-of-office replies from answering a machine (RFC 3834).
            "Auto-Submitted": "auto-generated",
            # One click in the mail program ends this kind, without signing in (RFC 8058).
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("emails/waiting.html", about), "text/html")
    return mail


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

    def hand(self, mail: EmailMultiAlternatives) -> None:
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
