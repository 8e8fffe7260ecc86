"""Rows 1 to 3: what a worker leaves behind that is killed, or frozen for too long."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from couples.delivery.models.reminder import Delivery, Outcome, Stage
from couples.models import Reminder
from tests.faults.ground import LONG, Ground, Process
from tests.faults.mailbox import Gate
from tests.faults.promised import all_settled, judge, lease_ends_soon, promises, standing
from tests.faults.pushed import Browser, judge_push, one_with_push, pushes
from tests.faults.registry import Run, Tally
from tests.waiting import eventually

HANDS = 3
"""Children of a worker: so many attempts are cut off by one kill."""

EACH = 4
"""Promises that one child has claimed: one in the middle of its attempt, the rest before it. The
first goes alone, the others as one mailing."""


def _attempts(make: Callable[[], list[Reminder]], waiting: Callable[[], int]) -> list[Reminder]:
    """Let every child of the worker claim promises and come to a stop."""
    made: list[Reminder] = []
    before = waiting()
    for hand in range(1, HANDS + 1):
        made += make()
        stopped = before + hand
        eventually(
            lambda stopped=stopped: waiting() >= stopped,  # type: ignore[misc]
            within=60,
            what=f"{hand} attempts are under way",
        )
    return made


def _by_mail(gate: Gate, *, sent: int = 0) -> list[Reminder]:
    """Stop every child at the gate, each after it has sent so many."""

    def make() -> list[Reminder]:
        gate.shut(after=sent)
        return promises(EACH)

    return _attempts(make, lambda: gate.waiting)


def _at_stage(made: list[Reminder], stage: Stage) -> int:
    return Delivery.objects.filter(reminder__in=made, stage=stage).count()


@contextmanager
def killed_while_attempting(ground: Ground) -> Iterator[Run]:
    """Row 1: killed before the greeting of the server was answered. Sent once, after the lease."""
    with ExitStack() as stack:
        ground.start(stack, "beat")

        def once(_chance: random.Random) -> Tally:
            gate = ground.mailbox.at_greeting
            with ExitStack() as life:
                worker = ground.worker(life, at_once=HANDS, DELIVERY_LEASE=LONG)
                try:
                    made = _by_mail(gate)
                    assert _at_stage(made, Stage.ATTEMPTING) == HANDS
                    worker.kill()
                finally:
                    gate.open()
                ground.worker(life)
                lease_ends_soon(made)
                all_settled(made)
            return judge(made, ground.mailbox)

        yield once


@contextmanager
def killed_while_handed(ground: Ground) -> Iterator[Run]:
    """Row 2: killed after the commit that says *handed*, and before the one that says *sent*.

    By e-mail the server has the message or it has not; nobody on our side can tell, so it is said
    to be ambiguous and not sent again. By push it is sent again, and the phone shows one.
    """
    with ExitStack() as stack:
        ground.start(stack, "beat")

        def once(chance: random.Random) -> Tally:
            sent, box = chance.randrange(EACH), ground.mailbox
            match chance.randrange(3):
                case 0:
                    return _mail_in_doubt(ground, box.at_answer, arrives=True, sent=sent)
                case 1:
                    return _mail_in_doubt(ground, box.at_sender, arrives=False, sent=sent)
                case _:
                    return _push_in_doubt(ground)

        yield once


def _mail_in_doubt(ground: Ground, gate: Gate, *, arrives: bool, sent: int) -> Tally:
    before = len(ground.mailbox.arrived)
    with ExitStack() as life:
        worker = ground.worker(life, at_once=HANDS, DELIVERY_LEASE=LONG)
        try:
            made = _by_mail(gate, sent=sent)
            assert _at_stage(made, Stage.HANDED) == HANDS
            worker.kill()
        finally:
            gate.open()
        assert len(ground.mailbox.arrived) - before == HANDS * (sent + arrives)
        ground.worker(life)
        lease_ends_soon(made)
        all_settled(made)
    tally = judge(made, ground.mailbox)
    # What was in the middle of it, and nothing else, may be uncertain.
    return tally + Tally(lost=abs(tally.ambiguous - HANDS))


def _push_in_doubt(ground: Ground) -> Tally:
    person = one_with_push()
    browser = Browser(ground.push, person)
    with ExitStack() as life:
        worker = ground.worker(life, at_once=HANDS, DELIVERY_LEASE=LONG)
        ground.push.goes_on.clear()
        try:
            made = _attempts(lambda: pushes(person, EACH), lambda: len(browser.taken()))
            assert _at_stage(made, Stage.HANDED) == HANDS
            worker.kill()
        finally:
            ground.push.goes_on.set()
        ground.worker(life)
        lease_ends_soon(made)
        all_settled(made)
    again = len(browser.taken()) - len(made)
    # The service had a copy of each of these: without a resend, they were not the ones in doubt.
    return judge_push(made, browser) + Tally(lost=abs(again - HANDS))


@contextmanager
def frozen_past_the_lease(ground: Ground) -> Iterator[Run]:
    """Row 3: it comes back after another has taken over, and may write nothing but its own."""
    with ExitStack() as stack:
        ground.start(stack, "beat")
        slow, quick = (ground.worker(stack, DELIVERY_LEASE=LONG) for _worker in range(2))

        def once(chance: random.Random) -> Tally:
            handed = chance.random() < 0.5
            gate = ground.mailbox.at_answer if handed else ground.mailbox.at_greeting
            made = _freeze_in_the_middle(gate, slow, quick)
            lease_ends_soon(made)
            all_settled(made)
            _come_back(made, slow, quick)
            tally = judge(made, ground.mailbox)
            return tally + Tally(lost=_wrongly_written(made, handed=handed))

        yield once


def _freeze_in_the_middle(gate: Gate, slow: Process, quick: Process) -> list[Reminder]:
    """Freeze `slow` at the gate and let `quick` find what it left."""
    quick.freeze()
    gate.shut()
    try:
        made = promises(EACH)
        eventually(lambda: gate.waiting == 1, within=60, what="an attempt is under way")
        slow.freeze()
    finally:
        gate.open()
        quick.thaw()
    return made


def _come_back(made: list[Reminder], slow: Process, quick: Process) -> None:
    """Let `slow` end what it was in the middle of: it does so before it keeps another promise."""
    quick.freeze()
    try:
        slow.thaw()
        later = promises(1)
        eventually(lambda: not standing(later), within=60, what="who was frozen works again")
    finally:
        quick.thaw()


def _wrongly_written(made: list[Reminder], *, handed: bool) -> int:
    """Count what the late writer should not have written, or did not write though it was its own.

    In the middle of an attempt: the attempt has failed, and another was sent. In the middle of a
    message: the promise stays ambiguous, and its one attempt is known to be sent.
    """
    ended = [each.outcome for each in Reminder.objects.filter(pk__in=[one.pk for one in made])]
    stages = list(Delivery.objects.filter(reminder__in=made).values_list("stage", flat=True))
    unsure = [Outcome.AMBIGUOUS] if handed else []
    as_it_should = sorted([*unsure, *[Outcome.SENT] * (EACH - len(unsure))])
    failed = [] if handed else [Stage.FAILED]
    right = sorted(ended) == as_it_should
    right = right and sorted(stages) == sorted([*failed, *[Stage.SENT] * EACH])
    return int(not right)
