"""One turn of one promise: is it still wanted, and if so, one attempt to keep it.

What is written down meanwhile, and in which order, is in record.py.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from couples.delivery import push
from couples.delivery.log import not_taken
from couples.delivery.mail import Post, letter, message_id
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Channel, Delivery, Outcome, Stage
from couples.delivery.notification_policy import (
    being_told,
    told_by_another,
    too_many,
    wait_until,
    way_of,
)
from couples.delivery.push import Answer, Result, Services
from couples.delivery.record import Record
from couples.delivery.smtp_errors import Certainty, certainty, reason
from couples.delivery.sources import Source, source_of
from couples.models import PushSubscription, Reminder

log = structlog.stdlib.get_logger(__name__)

ATTEMPTS = 8
"""After this many failures a promise has failed. With the pauses between them: about half an
hour, which outlives a restarted mail server and most greylisting (RFC 6647)."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)

CHANNELS = {Way.PUSH: Channel.PUSH, Way.EMAIL: Channel.EMAIL}

NEVER_AGAIN = {
    Stage.HANDED: Outcome.AMBIGUOUS,
    Stage.AMBIGUOUS: Outcome.AMBIGUOUS,
    Stage.SENT: Outcome.SENT,
}
"""What a promise has come to when its last mail got this far: another would be one too many."""

IN_DOUBT = {Stage.HANDED, Stage.AMBIGUOUS}
"""Stages at which a message may have gone out."""

UNTIL_NEXT_TICK = timedelta(seconds=5)

PUSHING = 30.0
"""Seconds after which no further device is tried in one attempt; the next attempt goes on."""


def pause(tries: int) -> timedelta:
    """Return how long to wait after this many failures, spread out so that none come together."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, hides nothing


class Turn:
    """A claimed promise in the hands of its holder."""

    def __init__(
        self,
        reminder: Reminder,
        *,
        post: Post,
        clock: Callable[[], datetime],
        services: Services | None = None,
    ) -> None:
        self.reminder = reminder
        self.post = post
        self.services = services or Services()
        self.clock = clock
        self.source = source_of(reminder.kind)
        self.record = Record(reminder, self.source or Source(), clock)

    def take(self) -> None:
        """Settle the promise, make one attempt to keep it, or leave it for a better moment."""
        now = self.clock()
        source = self.source
        if source is None:
            # Perhaps a newer worker knows this kind: wait, and lapse if none comes.
            log.error("unknown kind", reminder=str(self.reminder.pk), kind=self.reminder.kind)
            self.record.wait(LONGEST_PAUSE, now=now)
            return
        way = way_of(self.reminder.person, source)
        if outcome := self._settled_without_sending(source, way, now=now):
            self.record.settle_unsent(outcome, now=now)
        elif later := wait_until(self.reminder, source, now=now):
            self.record.wait(later - now, now=now)
        elif way is Way.PUSH:
            self._push(source, now=now)
        else:
            self._mail(source, now=now)

    def _settled_without_sending(
        self, source: Source, way: Way, *, now: datetime
    ) -> Outcome | None:
        """Return how the promise ends without another attempt, or None when it calls for one."""
        last = self.record.last
        if last is not None and (known := _come_to(last)):
            return known
        if now >= self.reminder.useful_until:
            return self._so_far or Outcome.LAPSED
        nobody = not self.reminder.person.is_active or way is Way.NONE
        if nobody or not source.wanted(self.reminder, now=now):
            return self._so_far or Outcome.DROPPED
        if told_by_another(self.reminder, source, CHANNELS[way]):
            return self._so_far or Outcome.TOLD
        if last is not None and self.reminder.tries(CHANNELS[way]) >= ATTEMPTS:
            return self._so_far or Outcome.FAILED
        # A push that came, or may have, is not followed by a mail that was chosen since.
        return self._so_far if way is not Way.PUSH else None

    @property
    def _so_far(self) -> Outcome | None:
        """What earlier attempts have come to for good, whatever becomes of another."""
        if self._told:
            return Outcome.SENT
        doubtful = any(made.stage in IN_DOUBT for made in self.record.attempts)
        return Outcome.AMBIGUOUS if doubtful else None

    def _begin(self, channel: Channel, source: Source, *, now: datetime) -> Delivery | None:
        """Begin an attempt, unless other workers have filled this person's day since we looked.

        While one of them tells them of the same kind, ours waits for what becomes of that.
        """
        aside = False

        def may() -> bool:
            nonlocal aside
            if too_many(self.reminder, source, now=now):
                return False
            aside = being_told(self.reminder, source, now=now)
            return not aside

        begun = self.record.begin(channel, now=now, may=may)
        if aside:
            self.record.wait(UNTIL_NEXT_TICK, now=now)
        return begun

    def failed(
        self,
        delivery: Delivery,
        error: str,
        *,
        stage: Stage = Stage.FAILED,
        for_good: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        """Pause, for as long as the service asked at least; give up after the last attempt."""
        not_taken(delivery, error)
        tries = self.reminder.tries(Channel(delivery.channel)) + 1  # this one came after the claim
        over = for_good or tries >= ATTEMPTS
        outcome = Outcome.AMBIGUOUS if stage is Stage.AMBIGUOUS else Outcome.FAILED
        outcome = Outcome.SENT if delivery.reached else self._so_far or outcome
        self.record.not_sent(
            delivery,
            stage,
            error=error,
            outcome=outcome if over else None,
            pause=max(pause(tries), wait or timedelta(0)),
        )

    # --- By e-mail ---------------------------------------------------------------------------

    def _mail(self, source: Source, *, now: datetime) -> None:
        if self.post.is_away:
            # Another promise has found that out in this tick; none of ours need be used up.
            self.record.wait(UNTIL_NEXT_TICK, now=now)
            return
        delivery = self._begin(Channel.EMAIL, source, now=now)
        if delivery is None:
            return
        try:
            self.post.greet()
        except OSError as error:
            self.failed(delivery, reason(error))
            return
        mail = letter(self.reminder)
        if not self.record.handed(delivery):
            self.record.called_off(delivery)
            return
        try:
            self.post.hand(mail)
        except (OSError, ValueError) as error:
            self.not_taken(delivery, error)
        else:
            self.record.sent(delivery, message_id(self.reminder.pk))

    def not_taken(self, delivery: Delivery, error: Exception) -> None:
        """The mail was handed over, and the answer was no, or none came."""
        match certainty(error):
            case Certainty.NOT_NOW:
                self.failed(delivery, reason(error))
            case Certainty.NEVER:
                self.failed(delivery, reason(error), for_good=True)
            case Certainty.UNKNOWN:
                self.post.hang_up()
                self.failed(delivery, reason(error), stage=Stage.AMBIGUOUS, for_good=True)

    # --- By push -----------------------------------------------------------------------------

    @property
    def _told(self) -> set[object]:
        """The devices that earlier attempts have reached."""
        return {device for made in self.record.attempts for device in made.reached}

    def _push(self, source: Source, *, now: datetime) -> None:
        told = self._told
        signed_in = push.subscriptions(self.reminder.person, now=now) if push.is_on() else []
        devices = [each for each in signed_in if each.pk not in told]
        if not devices:
            self._no_device(now=now)
            return
        if all(map(self.services.is_away, devices)):
            # As with a mail server: none of our attempts need be used up.
            self.record.wait(UNTIL_NEXT_TICK, now=now)
            return
        delivery = self._begin(Channel.PUSH, source, now=now)
        if delivery is None:
            return
        if not self.record.handed(delivery):
            self.record.called_off(delivery)
            return
        self._all(devices, delivery)

    def _no_device(self, *, now: datetime) -> None:
        """Nobody is left to tell: done if somebody was, else wait for a device until too late."""
        if self._told:
            self.record.settle_unsent(Outcome.SENT, now=now)
        else:
            self.record.wait(pause(ATTEMPTS), now=now)

    def _all(self, devices: list[PushSubscription], delivery: Delivery) -> None:
        """Tell each device, and write down for each at once that it was told."""
        ends = time.monotonic() + PUSHING
        refused: list[Answer] = []
        for device in devices:
            if time.monotonic() >= ends:
                refused.append(Answer(Result.FAILED, "no time left"))
                break
            if self.services.is_away(device):
                refused.append(Answer(Result.FAILED, "service away"))
                continue
            answer = self.services.send(device, self.reminder, now=self.clock())
            if answer.result is Result.ACCEPTED:
                self.record.reached(delivery, device.pk)
            elif answer.result is not Result.GONE:
                refused.append(answer)
        if refused:
            unsure = any(answer.result is Result.AMBIGUOUS for answer in refused)
            self.failed(
                delivery,
                refused[0].reason,
                stage=Stage.AMBIGUOUS if unsure else Stage.FAILED,
                wait=max((each.wait for each in refused if each.wait), default=None),
            )
        elif delivery.reached:
            self.record.sent(delivery, push.topic(self.reminder))
        else:
            self.failed(delivery, "every device is gone")


def _come_to(last: Delivery) -> Outcome | None:
    """Return what the promise has come to with its last attempt, or None when it may go on.

    A push that may have gone out is sent again: its topic lets the service replace the copy that
    still waits there, and its tag the one on the phone.
    """
    stage = Stage(last.stage)
    if last.channel == Channel.PUSH and stage is not Stage.SENT:
        return None
    return NEVER_AGAIN.get(stage)
