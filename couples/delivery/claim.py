"""One tick: claim what is due, and keep each promise.

PostgreSQL alone knows what is due; a Celery message is a hint to look. Any number of ticks may
run at once: a claimed row is skipped by the others until its lease is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from couples.clock import database_now
from couples.delivery.mail import Post
from couples.delivery.mailing import Mailing, plain
from couples.delivery.push import Services
from couples.delivery.turn import Turn
from couples.models import Reminder

log = structlog.stdlib.get_logger(__name__)

LEASE = timedelta(seconds=settings.DELIVERY_LEASE)
"""How long a claim keeps others away. Celery kills a task after CELERY_TASK_TIME_LIMIT, so a
lease that outlives it belongs to nobody any more when it ends. Only a worker that was frozen can
come back later than that, and its fencing number is old by then."""

BATCH = 100
"""Promises claimed at a time: what is asked once for all of them costs each little, and at half a
second a mail, as with a slow server, they are kept within BUDGET and well within one lease."""

BUDGET = 50
"""Seconds after which a tick claims and starts nothing more; the next tick goes on. One mail that
hangs at every step still ends before CELERY_TASK_TIME_LIMIT."""


def tick(*, now: datetime | None = None) -> int:
    """Keep every promise that is due, for at most BUDGET seconds; return how many had a turn.

    `now=None` means the database's clock.
    """
    clock: Callable[[], datetime] = database_now if now is None else lambda: now
    ends = time.monotonic() + BUDGET
    turns = 0
    # What is put off meanwhile, because a server is away, is left for the next tick; else a tick
    # would go round in it, and what was due later would never have its turn.
    begun = clock()
    with Post() as post:
        services = Services()
        while time.monotonic() < ends:
            batch = claim(now=clock(), free_at=begun)
            left = _keep(batch, post=post, services=services, clock=clock, ends=ends)
            turns += len(batch) - len(left)
            release(left)
            if not batch or left:
                break
    return turns


def claim(*, now: datetime, limit: int = BATCH, free_at: datetime | None = None) -> list[Reminder]:
    """Take up to `limit` promises that are due and that nobody holds, oldest first.

    With `free_at`, an earlier instant, only those that were due and free at that one already.
    Each comes back with a new fencing number: older holders may write nothing from here on.
    """
    due = Reminder.objects.free(now=free_at or now).order_by("due_at")
    with transaction.atomic():
        claimed = list(
            due.select_related("person")
            .prefetch_related("deliveries", "person__preferences")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        ids = [reminder.pk for reminder in claimed]
        Reminder.objects.filter(pk__in=ids).update(lease_until=now + LEASE, fence=F("fence") + 1)
    for reminder in claimed:
        # Nobody else could have counted: the rows were locked.
        reminder.fence += 1
        reminder.lease_until = now + LEASE
    return claimed


def release(reminders: Iterable[Reminder]) -> None:
    """Give back claims that had no turn, so that the next tick need not wait for their lease."""
    for reminder in reminders:
        held = Reminder.objects.standing().filter(pk=reminder.pk, fence=reminder.fence)
        held.update(lease_until=None)


def _keep(
    batch: list[Reminder],
    *,
    post: Post,
    services: Services,
    clock: Callable[[], datetime],
    ends: float,
) -> list[Reminder]:
    """Give each its turn; return those that had none before time gave out."""
    left, together = list(batch), True
    while left and time.monotonic() < ends:
        # The first of a tick goes alone, and finds out whether there is a server.
        some = plain(left) if together and post.is_open else []
        had = _mail(some, post=post, clock=clock, ends=ends) if len(some) > 1 else set()
        if had:
            left = [each for each in left if each.pk not in had]
        else:
            together = together and not some
            _turn(Turn(left.pop(0), post=post, clock=clock, services=services))
    return left


def _mail(
    some: list[Reminder], *, post: Post, clock: Callable[[], datetime], ends: float
) -> set[UUID]:
    """Send these together; return which had their turn, none when they have to go one by one."""
    try:
        return Mailing(some, post=post, now=clock()).go(ends=ends)
    except (OperationalError, InterfaceError):
        # Without a database nothing can be claimed, kept or written down.
        raise
    except Exception:
        log.exception("no turn together")
        return set()


def _turn(turn: Turn) -> None:
    try:
        turn.take()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One broken source or letter must not hold up the others; its lease brings it back.
        log.exception("no turn", reminder=str(turn.reminder.pk), kind=turn.reminder.kind)
