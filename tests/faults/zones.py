"""Row 11: clock changes, moves between zones, and times changed after a reminder went out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.ground import Ground
from tests.faults.registry import Run, Tally
from tests.properties.lives import live_by


@contextmanager
def clock_changes(_ground: Ground) -> Iterator[Run]:
    """Row 11: what goes out in a life full of moves is what somebody who reads the wall expects."""

    def once(chance: random.Random) -> Tally:
        lived = live_by(chance.randrange(2**32))
        return Tally(lost=len(lived.lost), doubled=len(lived.doubled))

    yield once
