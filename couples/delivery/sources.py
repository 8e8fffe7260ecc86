"""Who makes promises, and is asked again before one is kept.

A source lives in the room whose business the promise is, and is named in the settings
(`REMINDER_SOURCES`). Delivery knows nothing of rituals or repairs; it knows kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from couples.models import Partner, Person, Reminder
from couples.registry import registered

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Source:
    """What delivery asks of whoever makes promises of one kind."""

    kind: str
    about: StrPromise
    """What it tells of, in the words of the page on which one chooses."""

    starts: bool
    """True for what the app starts; False for times that the person set or promised."""

    on_at_start: bool
    """True when somebody is told who has not chosen yet (product, section 12)."""

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while this promise should still be kept. Asked just before each attempt."""
        return bool(self.wanted_among([reminder], now=now))

    def wanted_among(self, reminders: Sequence[Reminder], *, now: datetime) -> set[UUID]:
        """Return those of a batch that should still be kept.

        A source answers this or `wanted`; for a batch it is worth asking the database once.
        """
        return {each.pk for each in reminders if self.wanted(each, now=now)}

    def follow(self, reminder: Reminder, *, now: datetime) -> None:
        """Store the next promise, if there is one, in the transaction that settles this one."""
        self.follow_all([reminder], now=now)

    def follow_all(self, reminders: Sequence[Reminder], *, now: datetime) -> None:
        """Store what follows each of a batch; a source may answer this or `follow`, or neither."""
        if type(self).follow is not Source.follow:
            for each in reminders:
                self.follow(each, now=now)

    def chosen(self, person: Person, *, now: datetime) -> None:
        """Store the next promise to somebody who has just turned this kind on, if there is one."""


def source_of(kind: str) -> Source | None:
    """Return the source of this kind, or None when no installed room makes such promises."""
    return next((made for made in sources() if made.kind == kind), None)


def sources() -> list[Source]:
    """Return all of them, in the order of the settings."""
    return [make() for make in registered("REMINDER_SOURCES")]


@dataclass(frozen=True, slots=True)
class Time:
    """A time of one's own at which something comes, and where it is changed."""

    what: str
    when: str
    address: str


def times(partner: Partner) -> list[Time]:
    """Return the times this partner has set, in the rooms' own words."""
    return [time for of in registered("REMINDER_TIMES") for time in of(partner)]
