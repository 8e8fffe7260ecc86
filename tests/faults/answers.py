"""Row 15: a mail server that takes a message and says nothing, or refuses it again and again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from couples.delivery.turn import ATTEMPTS, LONGEST_PAUSE
from couples.models import Reminder
from couples.models.reminder import Delivery, Outcome, Stage
from tests.couples.delivery.promises import lease_over
from tests.faults.ground import Ground
from tests.faults.promised import WITHIN, all_settled, judge, promises
from tests.faults.registry import Run, Tally
from tests.waiting import eventually

PATIENCE = "1"
"""Seconds our side waits for an answer, here."""


@contextmanager
def bad_answers(ground: Ground) -> Iterator[Run]:
    """Row 15: silence is ambiguous, refusals are tried again a bounded number of times."""
    with ExitStack() as stack:
        ground.start(stack, "beat")
        ground.worker(stack, FAULTS_SMTP_TIMEOUT=PATIENCE, DELIVERY_LEASE="30")

        def once(_chance: random.Random) -> Tally:
            return _silent_after_data(ground) + _refused_for_now(ground)

        yield once


def _silent_after_data(ground: Ground) -> Tally:
    ground.mailbox.at_answer.shut()
    try:
        made = promises(1)
        all_settled(made)
    finally:
        ground.mailbox.at_answer.open()
    tally = judge(made, ground.mailbox)
    return tally + Tally(lost=int(tally.ambiguous != 1 or ground.mailbox.copies().total() == 0))


def _refused_for_now(ground: Ground) -> Tally:
    """Refuse until nothing is tried any more; then it has failed, and the operator can see it."""
    ground.mailbox.to_recipient = "451 come back later"
    try:
        made = promises(1)
        pauses = [_pause_after(made[0], attempt) for attempt in range(1, ATTEMPTS)]
        all_settled(made)
    finally:
        ground.mailbox.open_all()
    attempts = Delivery.objects.filter(reminder=made[0])
    ended = Reminder.objects.get(pk=made[0].pk).outcome == Outcome.FAILED
    failed = attempts.filter(stage=Stage.FAILED).exclude(error="").count()
    right = ended and failed == attempts.count() == ATTEMPTS
    bounded = max(pauses) <= LONGEST_PAUSE.total_seconds() * 1.25
    spread = len({round(each, 2) for each in pauses}) == len(pauses)
    return Tally(lost=int(not (right and bounded and spread)))


def _pause_after(reminder: Reminder, attempt: int) -> float:
    """Wait for an attempt to fail, let its pause be over, and return how long it was to be."""

    def pausing() -> tuple[datetime, datetime] | None:
        failed = Delivery.objects.filter(reminder=reminder, attempt=attempt, stage=Stage.FAILED)
        ended = failed.values_list("ended_at", flat=True).first()
        until = Reminder.objects.get(pk=reminder.pk).lease_until
        return (ended, until) if ended and until else None

    ended, until = eventually(pausing, within=WITHIN, what=f"attempt {attempt} fails")
    lease_over(reminder)
    return (until - ended).total_seconds()
