"""What a row is, and how the rows are told apart."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.ground import Ground


class NotRun(Exception):
    """Why a row cannot be run here, and what to do about it."""


@dataclass(frozen=True)
class Tally:
    """What one run, or all runs of a row, came to."""

    lost: int = 0
    doubled: int = 0
    ambiguous: int = 0
    note: str = ""
    """What was measured on the way; of several runs that of the last is kept."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.ambiguous + other.ambiguous,
            other.note or self.note,
        )

    @property
    def holds(self) -> bool:
        """True when nothing was lost and nothing came twice."""
        return not (self.lost or self.doubled)


Run = Callable[[random.Random], Tally]
"""One run. What it leaves to chance it takes from what it is given."""


@dataclass(frozen=True)
class Fault:
    """One row of the table of faults: its processes are started once, its runs share them."""

    number: int
    name: str
    begin: Callable[[Ground], AbstractContextManager[Run]]


def run(fault: Fault, ground: Ground, seeds: Iterable[int]) -> Tally:
    """Run a row once for each seed; raises NotRun, and AssertionError for what never happened."""
    tally = Tally()
    with fault.begin(ground) as once:
        for seed in seeds:
            tally += once(random.Random(seed))
    return tally
