"""A published scale as the one who answers it sees it: the items, and their own results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from couples.models import Partner
from couples.paging import ARCHIVE, page
from rituals.felt.models.measure import again_on, next_on
from rituals.felt.scales import Definition
from rituals.models import Measure, ScaleWording


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
    """One scale, some of one's own results, and the day from which on it comes again."""

    wording: ScaleWording
    results: list[Result]
    earlier: str  # the cursor of the next page, empty on the last
    due: date | None

    @classmethod
    def of(cls, wording: ScaleWording, me: Partner, *, after: str = "") -> ScalePage:
        """Return the page for `me` with the results that follow the one named by `after`.

        Costs one query for the newest, and three for each page of earlier ones.
        """
        # One more than is shown: the last of a page is compared with the one before it.
        mine = me.measures.filter(scale=wording.scale)
        rows = page(mine, newest_by="taken_on", after=after, size=ARCHIVE + 1).rows
        earlier = str(rows[ARCHIVE - 1].pk) if len(rows) > ARCHIVE else ""
        due = next_on(me, wording.scale) if after else again_on(rows[0] if rows else None)
        results = _results(rows, wording.definition, me)
        shown = {each.pk for each in rows[:ARCHIVE]}
        return cls(wording, [each for each in results if each.measure.pk in shown], earlier, due)

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
