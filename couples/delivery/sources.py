"""Who makes promises, and is asked again before one is kept.

A source lives in the room whose business the promise is, and is named in the settings
(`REMINDER_SOURCES`). Delivery knows nothing of rituals or repairs; it knows kinds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from couples.models import Reminder
from couples.registry import registered


class Source(Protocol):
    """What delivery asks of whoever makes promises of one kind."""

    kind: str

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while this promise should still be kept. Asked just before each attempt."""

    def follow(self, reminder: Reminder, *, now: datetime) -> None:
        """Store the next occurrence, in the transaction that has just settled this one."""


def source_of(kind: str) -> Source | None:
    """Return the source of this kind, or None when no installed room makes such promises."""
    return next((made for made in _sources() if made.kind == kind), None)


def _sources() -> list[Source]:
    return [make() for make in registered("REMINDER_SOURCES")]
