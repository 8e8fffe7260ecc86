"""Two sides in turn, A B A B, on the same machine, and what the one is to the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

WARM = 3
"""Pairs at the beginning that do not count: templates and plans are made then."""


@dataclass(frozen=True)
class Row:
    """One ratio with its range over the pairs, the target, and which side of it is good.

    A limit on the machine at hand is no ratio: it has a unit, in which all four figures are.
    """

    name: str
    ratio: float
    low: float
    high: float
    target: float
    at_most: bool = True
    unit: str = ""

    @property
    def falls_short(self) -> bool:
        """True when the target was not met."""
        return self.ratio > self.target if self.at_most else self.ratio < self.target

    def __str__(self) -> str:
        sign, verdict = "≤" if self.at_most else "≥", "short" if self.falls_short else "ok"
        spread = f"{self.ratio:.2f} ({self.low:.2f} to {self.high:.2f})"
        target = f"{self.target:g} {self.unit}".strip()
        return f"{self.name:<34} {spread:<22} {sign} {target:<6} {verdict}"


def pairs(
    one: Callable[[], object], other: Callable[[], object], *, rounds: int
) -> tuple[float, float, float]:
    """Return how many times longer `one` takes than `other`: the median and the middle half.

    The two take turns, `rounds` times after some that do not count; a pause of the machine falls
    into one pair and not onto one side.
    """
    taken = [_lasts(one) / _lasts(other) for _round in range(rounds + WARM)]
    return spread(taken[WARM:])


def spread(ratios: Iterable[float]) -> tuple[float, float, float]:
    """Return the median of some ratios and their middle half."""
    ordered = sorted(ratios)
    quarter = len(ordered) // 4
    return median(ordered), ordered[quarter], ordered[-quarter - 1]


def _lasts(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began
