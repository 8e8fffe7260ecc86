"""Promises made by a source of the tests, and what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy

from couples.clock import database_now
from couples.delivery.claim import LEASE
from couples.delivery.models.reminder import Delivery, Stage
from couples.delivery.sources import Source
from couples.models import Person, Reminder

MINUTE = timedelta(minutes=1)
KIND = "test"


@dataclass
class Plan:
    """What the source of the tests answers, and what it was asked."""

    wanted: Callable[[Reminder], bool] = lambda _reminder: True
    follow: Callable[[Reminder], None] = lambda _reminder: None
    followed: list[uuid.UUID] = field(default_factory=list)


plan = Plan()


class PlannedReminders(Source):
    """A source that does as the test's plan says (named in REMINDER_SOURCES by its path)."""

    kind = KIND
    about = gettext_lazy("What a test plans")
    starts, on_at_start = False, True

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        return plan.wanted(reminder)

    def follow(self, reminder: Reminder, *, now: datetime) -> None:
        plan.follow(reminder)
        plan.followed.append(reminder.pk)


def promise(
    person: Person, *, due: timedelta = -MINUTE, useful: timedelta = 60 * MINUTE, kind: str = KIND
) -> Reminder:
    """Return a promise due that long from now, useful for that long after."""
    now = database_now()
    return Reminder.objects.create(
        person=person,
        kind=kind,
        subject=uuid.uuid4(),
        occasion="2026-11-23",
        due_at=now + due,
        useful_until=now + due + useful,
    )


def left_behind(reminder: Reminder, stage: Stage) -> Delivery:
    """Return the attempt of a worker that died at this stage; its lease is over."""
    now = database_now()
    reminder.fence += 1
    reminder.lease_until = now - MINUTE
    reminder.save()
    return Delivery.objects.create(
        reminder=reminder,
        channel="email",
        attempt=1,
        stage=stage,
        fence=reminder.fence,
        began_at=now - LEASE - MINUTE,
    )


def lease_over(reminder: Reminder) -> None:
    """Let the time of whoever holds the promise, or of its pause, be over."""
    Reminder.objects.filter(pk=reminder.pk).update(lease_until=database_now() - MINUTE)


def outcome(reminder: Reminder) -> str:
    """Return how the promise stands now: its outcome, or nothing while it stands."""
    return Reminder.objects.get(pk=reminder.pk).outcome


def stages(reminder: Reminder) -> list[str]:
    """Return how each attempt stands, oldest first."""
    attempts = Delivery.objects.filter(reminder=reminder).order_by("attempt")
    return list(attempts.values_list("stage", flat=True))
