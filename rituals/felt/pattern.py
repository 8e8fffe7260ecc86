"""Whether practice and feeling went together, said in one plain sentence or not at all.

The rule, chosen to say too little rather than too much:

- A pair is one whole week of the past in which the two were together here and not at rest: the days
  on which they connected, and one's own three answers taken together. Nothing of the other's.
- Under six pairs nothing is said.
- The two are compared by rank (Spearman, 1904, American Journal of Psychology 15, 72-101; ties get
  the middle of their ranks), so that neither has to be a measurement with equal steps.
- A direction is named only when the coefficient lies further from zero than two independent series
  would bring it nineteen times of twenty: 1.96 / sqrt(n - 1), from its variance 1 / (n - 1)
  (Hotelling and Pabst, 1936, Annals of Mathematical Statistics 7, 29-43). Else: no clear pattern.
- A series that never changes shows no pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import sqrt
from statistics import StatisticsError, correlation

from django.utils.translation import gettext as _

ENOUGH = 6
"""Weeks from which on a sentence is said."""

SURE = 1.96
"""Standard deviations beyond which chance alone leads once in twenty times."""

Pair = tuple[float, float]


class Direction(Enum):
    """How practice and feeling went together."""

    SAFER = "safer"
    LESS_SAFE = "less safe"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Pattern:
    """What can be said of `weeks` weeks."""

    weeks: int
    direction: Direction

    @property
    def sentence(self) -> str:
        """The one sentence, with its number of weeks and what it does not prove."""
        said = {
            Direction.SAFER: _(
                "Over %(n)d weeks, you felt safer in those in which you two connected more often; "
                "this does not prove that one causes the other."
            ),
            Direction.LESS_SAFE: _(
                "Over %(n)d weeks, you felt less safe in those in which you two connected more "
                "often; this does not prove that one causes the other."
            ),
            Direction.UNCLEAR: _(
                "Over %(n)d weeks, connecting and feeling safe show no clear pattern; this does "
                "not prove that one causes the other, or that it does not."
            ),
        }[self.direction]
        return said % {"n": self.weeks}


def pattern(pairs: Sequence[Pair]) -> Pattern | None:
    """Return how connected days and felt security went together, or None under six weeks."""
    count = len(pairs)
    if count < ENOUGH:
        return None
    together = spearman([days for days, _felt in pairs], [felt for _days, felt in pairs])
    if together is None or abs(together) < SURE / sqrt(count - 1):
        return Pattern(count, Direction.UNCLEAR)
    return Pattern(count, Direction.SAFER if together > 0 else Direction.LESS_SAFE)


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return the rank correlation, from -1 to 1, or None when one of the two never changes."""
    try:
        return correlation(first, second, method="ranked")
    except StatisticsError:
        return None
