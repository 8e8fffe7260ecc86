"""One turn of one promise: is it still wanted, and if so, one attempt to keep it.

An attempt is written down in two steps, because nobody can send a mail and commit a row in one:

    attempting   committed before the network is touched. Found again after a crash, it is known
                 that nothing was handed over: try again.
    handed       committed after the server's greeting, before the message. Found again after a
                 crash, nobody can know: the promise is *ambiguous*, and the mail not sent twice.

Whoever comes back after their lease finds a newer fencing number and may write nothing, except
what became of the very attempt they made themselves.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet

from couples.delivery.mail import Post, letter, message_id
from couples.delivery.manners import wait_until, way_of
from couples.delivery.refusal import Certainty, certainty, reason
from couples.delivery.sources import Source, source_of
from couples.models import Couple, Person, Reminder
from couples.models.preference import Way
from couples.models.reminder import Channel, Delivery, Outcome, Stage

logger = logging.getLogger(__name__)

ATTEMPTS = 8
"""After this many failures a promise has failed. With the pauses between them: about half an
hour, which outlives a restarted mail server and most greylisting (RFC 6647)."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)

NEVER_AGAIN = {
    Stage.HANDED: Outcome.AMBIGUOUS,
    Stage.AMBIGUOUS: Outcome.AMBIGUOUS,
    Stage.SENT: Outcome.SENT,
}
"""What a promise has come to when its last attempt got this far: another would be one too many."""


LOST = {Stage.ATTEMPTING: Stage.FAILED, Stage.HANDED: Stage.AMBIGUOUS}
"""What an attempt has come to when its worker was lost at this stage."""


def pause(attempt: int) -> timedelta:
    """Return how long to wait after this many failures, spread out so that none come together."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, hides nothing


class Turn:
    """A claimed promise in the hands of its holder."""

    def __init__(self, reminder: Reminder, *, post: Post, clock: Callable[[], datetime]) -> None:
        self.reminder = reminder
        self.post = post
        self.clock = clock

    def take(self) -> bool:
        """Settle the promise or make one attempt; False when the mail server cannot be reached."""
        now = self.clock()
        if self.source is None:
            # Perhaps a newer worker knows this kind: wait, and lapse if none comes.
            logger.error("reminder %s is of the unknown kind %s", self.id, self.reminder.kind)
            self._wait(LONGEST_PAUSE, now=now)
            return True
        if outcome := self._settled_without_sending(self.source, now=now):
            with self._in_order():
                if self._settle(outcome, self._still_due(now), now=now):
                    self._write_off(now=now)
            return True
        if quiet := wait_until(self.reminder, self.source, now=now):
            self._wait(quiet - now, now=now)
            return True
        delivery = self._begin(now)
        return delivery is None or self._attempt(delivery)

    # --- What is known -----------------------------------------------------------------------

    @property
    def id(self) -> str:
        """What logs call the promise; they carry nothing else about it."""
        return str(self.reminder.pk)

    @cached_property
    def source(self) -> Source | None:
        """Whoever made the promise, or None when no installed room makes such."""
        return source_of(self.reminder.kind)

    @cached_property
    def last(self) -> Delivery | None:
        """The attempt before this one; claims bring all of them along."""
        return max(self.reminder.deliveries.all(), key=lambda made: made.attempt, default=None)

    def _settled_without_sending(self, source: Source, *, now: datetime) -> Outcome | None:
        """Return how the promise ends without another attempt, or None when it calls for one."""
        if self.last is not None and (known := NEVER_AGAIN.get(Stage(self.last.stage))):
            return known
        if now >= self.reminder.useful_until:
            return Outcome.LAPSED
        person = self.reminder.person
        if not person.is_active or way_of(person, source) is Way.NONE:
            return Outcome.DROPPED
        if not source.wanted(self.reminder, now=now):
            return Outcome.DROPPED
        if self.last is not None and self.last.attempt >= ATTEMPTS:
            return Outcome.FAILED
        return None

    def _held(self) -> QuerySet[Reminder]:
        """The promise, while it is unsettled and nobody has claimed it after us."""
        return Reminder.objects.standing().filter(pk=self.reminder.pk, fence=self.reminder.fence)

    def _still_due(self, now: datetime) -> QuerySet[Reminder]:
        """The promise, while our lease runs and nobody has moved it to a later time."""
        return self._held().filter(lease_until__gt=now, due_at__lte=now)

    # --- One attempt -------------------------------------------------------------------------

    def _attempt(self, delivery: Delivery) -> bool:
        try:
            self.post.greet()
        except OSError as error:
            self._failed(delivery, error)
            return False
        mail = letter(self.reminder)
        if not self._handed(delivery):
            self._called_off(delivery)
            return True
        try:
            self.post.hand(mail)
        except (OSError, ValueError) as error:
            self._not_taken(delivery, error)
        else:
            self._sent(delivery)
        return True

    def _begin(self, now: datetime) -> Delivery | None:
        """Write down that an attempt is made, or return None when it is no longer ours to make."""
        attempt = self.last.attempt + 1 if self.last else 1
        with transaction.atomic():
            if not _lock(self._still_due(now)):
                return None
            if self._too_many(now):
                return None
            self._write_off(now=now)
            return Delivery.objects.create(
                reminder=self.reminder,
                channel=Channel.EMAIL,
                attempt=attempt,
                fence=self.reminder.fence,
                began_at=now,
            )

    def _too_many(self, now: datetime) -> bool:
        """True when other workers have filled this person's day since we looked.

        Held until our own attempt is written down, so that nobody else counts without it.
        """
        if self.source is None or not self.source.starts:
            return False
        people = Person.objects.select_for_update(no_key=True)
        people.filter(pk=self.reminder.person_id).values_list("pk").first()
        return wait_until(self.reminder, self.source, now=now) is not None

    def _handed(self, delivery: Delivery) -> bool:
        """Write down that the message goes out next; False when it must not."""
        now = self.clock()
        with transaction.atomic():
            if not _lock(self._still_due(now)):
                return False
            begun = Delivery.objects.filter(pk=delivery.pk, stage=Stage.ATTEMPTING)
            return begun.update(stage=Stage.HANDED, handed_at=now) == 1

    # --- How it ended ------------------------------------------------------------------------

    def _sent(self, delivery: Delivery) -> None:
        now = self.clock()
        try:
            with self._in_order():
                self._resolve(
                    delivery, Stage.SENT, now=now, provider_id=message_id(self.reminder.pk)
                )
                self._settle(Outcome.SENT, self._held(), now=now)
        except Exception:
            # The next occurrence could not be stored. That this one went out is kept all the
            # same, so that the next claim settles it and sends nothing.
            logger.exception("reminder %s was sent and could not be settled", self.id)
            self._resolve(delivery, Stage.SENT, now=now, provider_id=message_id(self.reminder.pk))

    def _not_taken(self, delivery: Delivery, error: Exception) -> None:
        """The message was handed over, and the answer was no, or none came."""
        match certainty(error):
            case Certainty.NOT_NOW:
                self._failed(delivery, error)
            case Certainty.NEVER:
                self._failed(delivery, error, for_good=True)
            case Certainty.UNKNOWN:
                now = self.clock()
                self.post.hang_up()
                with self._in_order():
                    self._resolve(delivery, Stage.AMBIGUOUS, now=now, error=reason(error))
                    self._settle(Outcome.AMBIGUOUS, self._held(), now=now)

    def _failed(self, delivery: Delivery, error: Exception, *, for_good: bool = False) -> None:
        """Nothing went out: pause, or give up when that was the last attempt."""
        now = self.clock()
        logger.warning("attempt %s of reminder %s: %s", delivery.attempt, self.id, reason(error))
        with self._in_order():
            self._resolve(delivery, Stage.FAILED, now=now, error=reason(error))
            if for_good or delivery.attempt >= ATTEMPTS:
                self._settle(Outcome.FAILED, self._held(), now=now)
            else:
                self._wait(pause(delivery.attempt), now=now)

    def _called_off(self, delivery: Delivery) -> None:
        """Between claim and greeting it was marked, moved, or claimed by somebody else."""
        now = self.clock()
        self._resolve(delivery, Stage.FAILED, now=now, error="called off")
        self._held().update(lease_until=None)

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
        if self.source is not None:
            self.source.follow(self.reminder, now=now)
        return True

    def _write_off(self, *, now: datetime) -> None:
        """Write down what became of the attempt of a worker that was lost in the middle of it."""
        if self.last is None or self.last.stage not in LOST:
            return
        unresolved = Delivery.objects.filter(pk=self.last.pk, stage=self.last.stage)
        stage = LOST[Stage(self.last.stage)]
        unresolved.update(stage=stage, ended_at=now, error="worker lost")

    def _wait(self, how_long: timedelta, *, now: datetime) -> None:
        """Keep everybody away for a while: a pause is a lease that nobody works under."""
        self._held().update(lease_until=now + how_long)


def _lock(one: QuerySet[Reminder] | QuerySet[Couple]) -> bool:
    """Lock a row until the transaction ends; False when none answers the description."""
    return one.select_for_update().values_list("pk").first() is not None
