"""A published scale as the one who answers it sees it: the items, and their own results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from couples.models import Partner
from rituals.models import Measure, ScaleWording
from rituals.models.measure import EVERY
from rituals.scales import Definition


@dataclass(frozen=True)
class Result:
    """What one day's answers add up to, and what the authors of the scale say of it."""

    measure: Measure
    total: int
    scale: Definition
    below: list[float]
    changed: bool

    @property
    def cut_offs(self) -> list[float]:
        """The lines that the authors draw."""
        return [each.below for each in self.scale.cut_offs]


@dataclass(frozen=True)
class ScalePage:
    """One scale, one's own results newest first, and the day from which on it comes again."""

    wording: ScaleWording
    results: list[Result]
    due: date | None

    @classmethod
    def of(cls, wording: ScaleWording, me: Partner, *, size: int) -> ScalePage:
        """Return the page for `me` with the newest `size` results; one query."""
        mine = me.measures.filter(scale=wording.scale).order_by("-taken_on")[: size + 1]
        rows = list(mine)
        due = rows[0].taken_on + EVERY if rows else None
        return cls(wording, _results(rows, wording.definition, me)[:size], due)

    def open_on(self, today: date) -> bool:
        """True when it can be answered on this day."""
        return self.due is None or self.due <= today


def _results(rows: Iterable[Measure], scale: Definition, me: Partner) -> list[Result]:
    found: list[Result] = []
    before: int | None = None
    for each in reversed(list(rows)):
        each.partner = me  # brings the key that opens the words
        total = each.sum
        if total is None:
            continue
        below = [line.below for line in scale.below(total)]
        changed = before is not None and scale.reliably_changed(before, total)
        found.append(Result(each, total, scale, below, changed))
        before = total
    return found[::-1]
