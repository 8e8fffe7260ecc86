"""Is anybody working? Told by a worker's own sign of life, and by what is due and lies there.

Beat, Redis and worker can each be alive and the chain between them broken (a worker that takes
nothing after its broker came back: celery#8030, celery#10205). Only a tick that has run proves
all three, so a tick leaves a sign in the database, and whoever is asked for `/readyz` looks at it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Subquery
from django.db.models.functions import Now

from couples.clock import database_now
from couples.models import Reminder, Watch

log = structlog.stdlib.get_logger(__name__)

SILENT_AFTER = timedelta(seconds=settings.WORKER_SILENT_AFTER)
"""A worker that works may be as long without a sign as one tick can last."""

LATE_AFTER = timedelta(minutes=5)
"""How long a promise may lie due with nobody holding it before that is called late."""

BORN = time.monotonic()
"""When this process began. After a night in which all was off, the last sign is hours old and
nothing is wrong: a process that has not lived for SILENT_AFTER has no opinion yet."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at one instant."""

    now: datetime
    seen_at: datetime
    waiting_since: datetime | None
    """Since when the longest waiting promise could have been taken; None when none waits."""
    is_young: bool = False
    """True while the process that looks is too young to raise an alarm."""

    @property
    def silence(self) -> timedelta:
        """How long ago a worker last took work."""
        return max(self.now - self.seen_at, timedelta(0))

    @property
    def lag(self) -> timedelta:
        """How long the longest waiting promise has been due with nobody holding it."""
        return self.now - self.waiting_since if self.waiting_since else timedelta(0)

    @property
    def is_silent(self) -> bool:
        """True when that is longer than a working worker can take."""
        return self.silence > SILENT_AFTER and not self.is_young

    @property
    def is_late(self) -> bool:
        """True when promises lie about for longer than they should."""
        return self.lag > LATE_AFTER and not self.is_young

    def lines(self) -> list[str]:
        """Return one line for the worker and one for what is due.

        A lag within bounds is not told: anybody may ask, and on an installation with one couple
        the second in which something falls due would tell of the other's reminders.
        """
        silence, lag = int(self.silence.total_seconds()), int(self.lag.total_seconds())
        worker = f"silent for {silence} s" if self.is_silent else "ok"
        if self.is_young and self.silence > SILENT_AFTER:
            worker = "not seen yet"
        late = f"late by {lag // 60} min" if self.is_late else "on time"
        return [f"worker {worker}", f"reminders {late}"]


def sign(*, now: datetime | None = None) -> None:
    """Leave a sign of life: a worker has taken work. Says so if it had been told silent."""
    now = now or database_now()
    told = Watch.objects.exclude(silence_told_at=None)
    since = told.values_list("seen_at", flat=True).first()
    if since is not None and told.update(silence_told_at=None, seen_at=now):
        log.warning("worker takes work again", seconds=int((now - since).total_seconds()))
    elif not Watch.objects.update(seen_at=now):
        _begin(now)


def look(*, now: datetime | None = None, is_young: bool | None = None) -> Look:
    """Look at the sign and at what is due, and log a trouble when it begins and when it ends.

    Costs one query while nothing changes. `is_young=None` judges by this process's own age.
    """
    if is_young is None:
        is_young = time.monotonic() - BORN < SILENT_AFTER.total_seconds()
    found = _find(now)
    if found is None:
        _begin(now or database_now())
        found = _find(now)
        assert found is not None, "the watch was made just now"  # noqa: S101
    watch, seen = found
    seen = Look(seen.now, seen.seen_at, seen.waiting_since, is_young)
    _tell(watch, seen)
    return seen


def _begin(now: datetime) -> None:
    Watch.objects.bulk_create([Watch(seen_at=now)], ignore_conflicts=True)


def _find(now: datetime | None) -> tuple[Watch, Look] | None:
    waiting = Subquery(Reminder.objects.free(now=now or Now()).longest_wait())
    watch = Watch.objects.annotate(instant=Now()).annotate(waiting_since=waiting).first()
    if watch is None:
        return None
    return watch, Look(now or watch.instant, watch.seen_at, watch.waiting_since)


def _tell(watch: Watch, seen: Look) -> None:
    """Log what has begun or ended; the row lets one of many processes tell it."""
    if seen.is_silent and watch.silence_told_at is None:
        quiet = Watch.objects.filter(silence_told_at=None, seen_at=watch.seen_at)
        if quiet.update(silence_told_at=seen.now):
            log.error("worker silent", seconds=int(seen.silence.total_seconds()))
    if seen.is_late and watch.lateness_told_at is None:
        if Watch.objects.filter(lateness_told_at=None).update(lateness_told_at=seen.now):
            log.error("reminders late", seconds=int(seen.lag.total_seconds()))
    elif (
        watch.lateness_told_at is not None
        and seen.lag <= LATE_AFTER
        and Watch.objects.exclude(lateness_told_at=None).update(lateness_told_at=None)
    ):
        log.warning("reminders on time again")
