"""Row 15: servers that take a message and say nothing, refuse it, or ask us to wait."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from couples.delivery.models.reminder import Delivery, Outcome, Stage
from couples.delivery.turn import ATTEMPTS, LONGEST_PAUSE
from couples.models import Reminder
from tests.couples.delivery.promises import lease_over
from tests.faults.ground import LONG, Ground
from tests.faults.promised import WITHIN, all_settled, judge, promises
from tests.faults.pushed import Browser, judge_push, one_with_push, pushes
from tests.faults.registry import Run, Tally
from tests.waiting import eventually

PATIENCE = "3"
"""Seconds our side waits for an answer, here."""


@contextmanager
def bad_answers(ground: Ground) -> Iterator[Run]:
    """Row 15: silence is ambiguous, refusals are tried again a bounded number of times."""
    with ExitStack() as stack:
        ground.start(stack, "beat")
        ground.worker(stack, FAULTS_SMTP_TIMEOUT=PATIENCE, DELIVERY_LEASE=LONG)

        def once(chance: random.Random) -> Tally:
            by_mail = chance.choice([_silent_after_data, _refused_for_now])
            by_push = chance.choice([_gone_404, _gone_410, _told_to_wait, _broken_for_good])
            return by_mail(ground) + by_push(ground)

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
        return _given_up(made[0])
    finally:
        ground.mailbox.open_all()


def _given_up(reminder: Reminder) -> Tally:
    """Let every pause be over at once; lost unless it ends as failed, after so many attempts."""
    pauses = []
    for attempt in range(1, ATTEMPTS):
        pauses.append(_pause_after(reminder, attempt))
        lease_over(reminder)
    all_settled([reminder])
    attempts = Delivery.objects.filter(reminder=reminder)
    ended = Reminder.objects.get(pk=reminder.pk).outcome == Outcome.FAILED
    failed = attempts.filter(stage=Stage.FAILED).exclude(error="").count()
    right = ended and failed == attempts.count() == ATTEMPTS
    bounded = max(pauses) <= LONGEST_PAUSE.total_seconds() * 1.25
    spread = len({round(each, 2) for each in pauses}) == len(pauses)
    return Tally(lost=int(not (right and bounded and spread)))


def _gone_404(ground: Ground) -> Tally:
    return _gone(ground, 404)


def _gone_410(ground: Ground) -> Tally:
    return _gone(ground, 410)


def _gone(ground: Ground, status: int) -> Tally:
    """The device is removed; one that subscribes later is told, and it alone."""
    person = one_with_push()
    before = Browser(ground.push, person)
    ground.push.at[before.path] = status
    made = pushes(person, 1)
    eventually(lambda: not before.subscribed, within=WITHIN, what="the device is removed")
    _pause_after(made[0], 1)
    after = Browser(ground.push, person)
    lease_over(made[0])
    all_settled(made)
    return judge_push(made, after) + Tally(doubled=len(before.taken()) - 1)


def _told_to_wait(ground: Ground) -> Tally:
    """The next attempt waits for as long as the service has asked."""
    asked = 900
    person = one_with_push()
    browser = Browser(ground.push, person)
    ground.push.at[browser.path] = 429
    ground.push.extra = {"Retry-After": str(asked)}
    try:
        made = pushes(person, 1)
        waits = _pause_after(made[0], 1)
    finally:
        ground.push.extra = {}
    ground.push.at[browser.path] = 201
    lease_over(made[0])
    all_settled(made)
    return judge_push(made, browser) + Tally(lost=int(waits < asked))


def _broken_for_good(ground: Ground) -> Tally:
    """A service that is broken for good: it has failed, and the operator can see it."""
    person = one_with_push()
    browser = Browser(ground.push, person)
    ground.push.at[browser.path] = 500
    (made,) = pushes(person, 1)
    return _given_up(made) + Tally(lost=int(len(browser.taken()) != ATTEMPTS))


def _pause_after(reminder: Reminder, attempt: int) -> float:
    """Wait for an attempt to fail, and return how many seconds nobody is to try again."""

    def pausing() -> tuple[datetime, datetime] | None:
        failed = Delivery.objects.filter(reminder=reminder, attempt=attempt, stage=Stage.FAILED)
        ended = failed.values_list("ended_at", flat=True).first()
        until = Reminder.objects.get(pk=reminder.pk).lease_until
        return (ended, until) if ended and until else None

    found = eventually(pausing, within=WITHIN, what=f"attempt {attempt} fails")
    assert found is not None
    ended, until = found
    return (until - ended).total_seconds()
