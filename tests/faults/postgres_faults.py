"""Rows 7 and 8: PostgreSQL is stopped at once, or killed in the middle of its commits."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections

from tests.faults.everyday import BACK_WITHIN, make_two, site, tapping
from tests.faults.ground import Ground
from tests.faults.phone import Phone
from tests.faults.promised import all_settled, judge, promises
from tests.faults.registry import Run, Tally
from tests.waiting import eventually

KILLS = 2
"""A run of row 8."""


@contextmanager
def stopped_at_once(ground: Ground) -> Iterator[Run]:
    """Row 7: every acknowledged tap is there, and the app recovers by itself."""
    with _everything(ground) as port:

        def once(chance: random.Random) -> Tally:
            return _under_taps(ground, port, [ground.database.stop_at_once], chance)

        yield once


@contextmanager
def killed_in_mid_commit(ground: Ground) -> Iterator[Run]:
    """Row 8: the phone repeats with the same key, and there is one row."""
    with _everything(ground) as port:

        def once(chance: random.Random) -> Tally:
            return _under_taps(ground, port, [ground.database.kill] * KILLS, chance)

        yield once


@contextmanager
def _everything(ground: Ground) -> Iterator[int]:
    with ExitStack() as stack:
        for name in ("beat", "worker"):
            ground.kept(stack, name)
        yield site(ground, stack).port


def _under_taps(
    ground: Ground, port: int, ends: list[Callable[[], None]], chance: random.Random
) -> Tally:
    """End the database while phones tap and mail goes out; judge both once all is well again."""
    made = promises(3)
    with tapping(port) as judged:
        for end in ends:
            threading.Event().wait(chance.uniform(0.05, 0.8))
            end()
            ground.database.start()
        connections.close_all()  # this process has lost its own as well
        tally = judged()
        made += promises(2)
        all_settled(made)
    phone = Phone(port, make_two()[0])
    eventually(lambda: phone.ask("/").status == 200, within=BACK_WITHIN, what="Today answers")
    return tally + judge(made, ground.mailbox)
