"""What is written down about a promise while somebody holds it.

An attempt is written down in two steps, because nobody can hand a message over and commit a row in
one:

    attempting   committed before the network is touched. Found again after a crash, it is known
                 that nothing was handed over: try again.
    handed       committed after the server's greeting, before the message. Found again after a
                 crash, nobody can know: a mail is not sent twice, and the promise is *ambiguous*;
                 a push is sent again, as its topic and its tag let the phone show one.

Whoever comes back after their lease finds a newer fencing number and may write nothing, except
what became of the very attempt they made themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from couples.delivery.log import settled
from couples.delivery.models.reminder import Channel, Delivery, Outcome, Stage
from couples.delivery.sources import Source
from couples.models import Couple, Reminder

log = structlog.stdlib.get_logger(__name__)

LOST = {Stage.ATTEMPTING: Stage.FAILED, Stage.HANDED: Stage.AMBIGUOUS}
"""What an attempt has come to when its worker was lost at this stage."""


class Record:
    """The rows of one claimed promise, in the hands of its holder."""

    def __init__(self, reminder: Reminder, source: Source, clock: Callable[[], datetime]) -> None:
        self.reminder = reminder
        self.source = source
        self.clock = clock

    @cached_property
    def attempts(self) -> list[Delivery]:
        """The attempts before this one, oldest first; claims bring all of them along."""
        return sorted(self.reminder.deliveries.all(), key=lambda made: made.attempt)

    @property
    def last(self) -> Delivery | None:
        """The attempt before this one."""
        return self.attempts[-1] if self.attempts else None

    def begin(
        self, channel: Channel, *, now: datetime, may: Callable[[], bool] = lambda: True
    ) -> Delivery | None:
        """Write down that an attempt is made, or return None when it is no longer ours to make.

        `may` is asked first, inside the transaction; False leaves everything as it is.
        """
        with transaction.atomic():
            # What it locks (a person) comes before a promise, as when somebody sets their clock.
            if not may() or not _lock(self._still_due(now)):
                return None
            self._write_off(now=now)
            return Delivery.objects.create(
                reminder=self.reminder,
                channel=channel,
                attempt=self.last.attempt + 1 if self.last else 1,
                fence=self.reminder.fence,
                began_at=now,
            )

    def handed(self, delivery: Delivery) -> bool:
        """Write down that the message goes out next; False when it must not."""
        now = self.clock()
        with transaction.atomic():
            if not _lock(self._still_due(now)):
                return False
            begun = Delivery.objects.filter(pk=delivery.pk, stage=Stage.ATTEMPTING)
            return begun.update(stage=Stage.HANDED, handed_at=now) == 1

    def called_off(self, delivery: Delivery) -> None:
        """Between claim and greeting it was marked, moved, or claimed by somebody else."""
        self._resolve(delivery, Stage.FAILED, now=self.clock(), error="called off")
        self._held().update(lease_until=None)

    def reached(self, delivery: Delivery, device: UUID) -> None:
        """Write down at once that one device was told, so that no later attempt tells it again."""
        delivery.reached = [*delivery.reached, device]
        Delivery.objects.filter(pk=delivery.pk).update(reached=delivery.reached)

    def sent(self, delivery: Delivery, provider_id: str) -> None:
        """Settle the promise as kept and store the next one."""
        now = self.clock()
        try:
            with self._in_order():
                self._resolve(delivery, Stage.SENT, now=now, provider_id=provider_id)
                done = self._settle(Outcome.SENT, self._held(), now=now)
        except Exception:
            # The next occurrence could not be stored. That this one went out is kept all the
            # same, so that the next claim settles it and sends nothing.
            log.exception("sent and not settled", reminder=str(self.reminder.pk))
            self._resolve(delivery, Stage.SENT, now=now, provider_id=provider_id)
        else:
            if done:
                settled(self.reminder, Outcome.SENT, now=now, delivery=delivery)

    def not_sent(
        self,
        delivery: Delivery,
        stage: Stage,
        *,
        error: str,
        outcome: Outcome | None = None,
        pause: timedelta = timedelta(0),
    ) -> None:
        """Write down how the attempt ended; settle the promise, or leave it alone for a pause."""
        now = self.clock()
        done = False
        try:
            with self._in_order():
                self._resolve(delivery, stage, now=now, error=error)
                if outcome:
                    done = self._settle(outcome, self._held(), now=now)
                else:
                    self.wait(pause, now=now)
        except Exception:
            # As when it was sent: what is known of the attempt is kept.
            log.exception("not sent and not settled", reminder=str(self.reminder.pk))
            self._resolve(delivery, stage, now=now, error=error)
        if done and outcome:
            settled(self.reminder, outcome, now=now, delivery=delivery)

    def settle_unsent(self, outcome: Outcome, *, now: datetime) -> None:
        """Settle the promise without another attempt, and store the next one."""
        with self._in_order():
            done = self._settle(outcome, self._still_due(now), now=now)
            if done:
                self._write_off(now=now)
        if done:
            settled(self.reminder, outcome, now=now, delivery=self.last)

    def wait(self, how_long: timedelta, *, now: datetime) -> None:
        """Leave the promise alone for a while; its lease is what keeps everybody away.

        Not beyond its useful time: what follows is stored when it is settled.
        """
        ends = min(now + how_long, max(now, self.reminder.useful_until))
        self._held().update(lease_until=ends)

    def _held(self) -> QuerySet[Reminder]:
        """The promise, while it is unsettled and nobody has claimed it after us."""
        return Reminder.objects.standing().filter(pk=self.reminder.pk, fence=self.reminder.fence)

    def _still_due(self, now: datetime) -> QuerySet[Reminder]:
        """The promise, while our lease runs and nobody has moved it to a later time."""
        return self._held().filter(lease_until__gt=now, due_at__lte=now)

    def _resolve(
        self,
        delivery: Delivery,
        stage: Stage,
        *,
        now: datetime,
        error: str = "",
        provider_id: str = "",
    ) -> None:
        """Write down what became of our own attempt, whatever has become of the promise."""
        ours = Delivery.objects.filter(pk=delivery.pk, fence=self.reminder.fence)
        ours.exclude(stage__in=[Stage.SENT, Stage.FAILED]).update(
            stage=stage, ended_at=now, error=error, provider_id=provider_id
        )

    @contextmanager
    def _in_order(self) -> Iterator[None]:
        """Open a transaction that locks in the order in which the phones' verbs do.

        They lock their couple first and its promises after it. A source that stores the next
        occurrence the other way round would meet them in a deadlock.
        """
        with transaction.atomic():
            if self.reminder.couple_id is not None:
                _lock(Couple.objects.filter(pk=self.reminder.couple_id))
            yield

    def _settle(self, outcome: Outcome, held: QuerySet[Reminder], *, now: datetime) -> bool:
        """Settle the promise and store the next one; False when it is not ours to settle."""
        if not held.update(settled_at=now, outcome=outcome, lease_until=None):
            return False
        self.source.follow(self.reminder, now=now)
        return True

    def _write_off(self, *, now: datetime) -> None:
        """Write down what became of the attempt of a worker that was lost in the middle of it."""
        if self.last is None or self.last.stage not in LOST:
            return
        unresolved = Delivery.objects.filter(pk=self.last.pk, stage=self.last.stage)
        stage = LOST[Stage(self.last.stage)]
        unresolved.update(stage=stage, ended_at=now, error="worker lost")


def _lock(one: QuerySet[Reminder] | QuerySet[Couple]) -> bool:
    """Lock a row until the transaction ends; False when none answers the description."""
    return one.select_for_update().values_list("pk").first() is not None
