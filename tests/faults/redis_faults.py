"""Rows 4 to 6: Redis is killed, emptied, restarted again and again, full, or gone."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from statistics import median

from couples.clock import database_now
from couples.models import Reminder
from tests.faults import everyday
from tests.faults.everyday import make_two, site, taps_of
from tests.faults.ground import Broker, Ground, Kept
from tests.faults.phone import LivePage, Phone, Tap
from tests.faults.promised import all_settled, judge, promises
from tests.faults.registry import Run, Tally
from tests.waiting import eventually

CATCHES_UP = 60.0  # seconds; the machine may be busy

PATIENT = 2.0
"""Seconds by which a tap may take longer on a busy machine while Redis is silent. The line waits
for 0.2 s (test_live_publish.py); without its patience it would be for good."""

RESTARTS = 5

ROOMS = ("rituals", "asks", "topics", "our-time", "repairs", "us", "me")
PAGES = ("/", *(f"/{room}/" for room in ROOMS))


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def ended(*kept: Kept) -> str:
    """Say how often processes ended by the fault and were started again, if they were."""
    again = sum(each.lives - 1 for each in kept)
    return f"; processes started again {again} times" if again else ""


@contextmanager
def killed_or_emptied(ground: Ground) -> Iterator[Run]:
    """Row 4: nothing is lost, phones catch up, and no tap waits for Redis beyond its patience.

    The worker is in the middle of a mailing when it happens, and goes on: nothing is in doubt.
    """
    with ExitStack() as stack:
        beat = ground.kept(stack, "beat")
        worker = ground.kept(stack, "worker", FAULTS_SMTP_TIMEOUT="60")  # a mail is held meanwhile
        port = site(ground, stack).port
        late: list[float] = []
        waits: list[float] = []

        def once(chance: random.Random) -> Tally:
            mine, other = (Phone(port, partner) for partner in make_two())
            made = _held_in_the_middle(ground, sent=chance.randrange(3))
            with closing(LivePage(other)) as page:
                before = page.shown
                _pause(chance.random())
                tally = _with_redis_lost(ground.broker, mine, killed=chance.random() < 0.5)
                ground.mailbox.at_answer.open()
                back = time.monotonic()
                all_settled([*made, *(more := promises(2))])
                late.append(time.monotonic() - back)
                tally += _caught_up(page, other, before)
            waits.append(waited := _longest_wait(ground.broker, Phone(port, make_two()[0])))
            tally += Tally(lost=int(waited > PATIENT))
            note = f"work goes on within {max(late):.1f} s; a tap waits {median(waits):.3f} s"
            note += ended(beat, worker)
            mails = judge([*made, *more], ground.mailbox)
            return tally + mails + Tally(lost=mails.ambiguous, note=note)

        yield once


def _held_in_the_middle(ground: Ground, *, sent: int) -> list[Reminder]:
    """Promise four mails, and hold the worker at the answer to one after it has sent so many."""
    gate = ground.mailbox.at_answer
    gate.shut(after=sent)
    made = promises(4)
    eventually(lambda: gate.waiting, within=CATCHES_UP, what="a mail is on its way")
    return made


def _with_redis_lost(broker: Broker, phone: Phone, *, killed: bool) -> Tally:
    """Kill Redis, or empty it, and tap meanwhile."""
    first, *_rest = taps_of(phone.partner)
    if killed:
        broker.stop()
        answer = phone.tap(first)
        broker.start()
    else:
        broker.ask("FLUSHALL")
        answer = phone.tap(first)
    taken = answer.decided and not answer.problem
    return everyday.judge({first.key}) if taken else Tally(lost=1)


def _caught_up(page: LivePage, phone: Phone, before: str) -> Tally:
    """Wait until the page shows what is true; lost when it never does, or nothing had changed."""
    try:
        eventually(lambda: page.shown == phone.board(), within=CATCHES_UP, what="it is up to date")
    except AssertionError:
        return Tally(lost=1)
    return Tally(lost=int(page.shown == before))


def _longest_wait(broker: Broker, phone: Phone) -> float:
    """Return by how many seconds a tap takes longer while Redis says nothing at all."""
    today = phone.partner.couple.today(database_now())
    # Taps for a day past tell the other nothing, and so ask nothing of Redis.
    usual, slow = [tap for tap in taps_of(phone.partner) if tap.day == today]
    took = _seconds(phone, usual)
    broker.freeze()
    try:
        return _seconds(phone, slow) - took
    finally:
        broker.thaw()


def _seconds(phone: Phone, tap: Tap) -> float:
    began = time.monotonic()
    assert phone.tap(tap).decided
    return time.monotonic() - began


@contextmanager
def restarted_five_times(ground: Ground) -> Iterator[Run]:
    """Row 5: the worker takes work again within a minute, by itself."""
    with ExitStack() as stack:
        beat, worker = ground.kept(stack, "beat"), ground.kept(stack, "worker")
        took: list[float] = []

        def once(chance: random.Random) -> Tally:
            # Whatever is queued, taken and not acknowledged when it happens is part of it.
            made = promises(2)
            for _restart in range(RESTARTS):
                ground.broker.stop()
                _pause(chance.uniform(0, 1))
                ground.broker.start()
                _pause(chance.uniform(0, 1.5))
            made += promises(2)
            began = time.monotonic()
            all_settled(made)
            took.append(time.monotonic() - began)
            note = f"work again within {max(took):.1f} s{ended(beat, worker)}"
            return judge(made, ground.mailbox) + Tally(note=note)

        yield once


@contextmanager
def full_or_gone(ground: Ground) -> Iterator[Run]:
    """Row 6: every page and every tap works, and an open page still learns what changed."""
    with ExitStack() as stack:
        beat, worker = ground.kept(stack, "beat"), ground.kept(stack, "worker")
        port = site(ground, stack).port

        def once(chance: random.Random) -> Tally:
            mine, other = (Phone(port, partner) for partner in make_two())
            full = chance.random() < 0.5
            with closing(LivePage(other)) as page:
                eventually(lambda: page.openings, within=CATCHES_UP, what="the stream is open")
                before = page.shown
                _take_away(ground.broker, full=full)
                try:
                    failed = sum(mine.ask(path, htmx=False).status != 200 for path in PAGES)
                    answers = [mine.tap(tap) for tap in taps_of(mine.partner)]
                    failed += sum(not each.decided or bool(each.problem) for each in answers)
                    tally = _caught_up(page, other, before)
                finally:
                    _give_back(ground.broker, full=full)
            made = promises(2)
            all_settled(made)
            note = ended(beat, worker).removeprefix("; ")
            return tally + Tally(lost=failed, note=note) + judge(made, ground.mailbox)

        yield once


def _take_away(broker: Broker, *, full: bool) -> None:
    if full:
        broker.ask("CONFIG", "SET", "maxmemory", 1)
    else:
        broker.stop()


def _give_back(broker: Broker, *, full: bool) -> None:
    if full:
        broker.ask("CONFIG", "SET", "maxmemory", 0)
    else:
        broker.start()
