"""How long somebody stays signed in: sixty days from the last day on which they came.

There is no longest time: what matters is asked again anyway, and a session ends at once when its
owner ends it, signs out, or chooses a new password (docs/decisions/a-session-lives-while-used.md).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

RENEWED_EVERY = timedelta(days=1)
"""One write a day keeps a session, however often it is used."""


class SessionStore(DatabaseStore):
    """Keeps sessions as Django does, and remembers when the one it has read would end."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends_at = found.expire_date if found else None
        return found

    def is_due(self) -> bool:
        """True for a signed-in session that was read and last renewed more than a day ago."""
        if self.ends_at is None or SESSION_KEY not in self:
            return False
        left = self.ends_at - timezone.now()
        return left < timedelta(seconds=self.get_expiry_age()) - RENEWED_EVERY


class RenewedSessions:
    """Renews the session of whoever comes, and its cookie with it; push and live line follow.

    Asks the database nothing: a page that never looked at its session renews none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a session that is due is then saved by Django, which sets its cookie anew."""
        response = self.get_response(request)
        session = request.session
        if isinstance(session, SessionStore) and session.is_due():
            session.modified = True
        return response
