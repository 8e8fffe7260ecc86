"""How a wording comes to hold between two people, as pure code.

A `Paper` is one agreement: its wordings, and under each the names of those who stand by it, with
the day on which each name lapses. A wording is in force while both names stand under it, and at no
other time: nothing is stored that could say otherwise. It imports no Django and reads no words, so
that it can be tried in every order of acts.

* A changed wording is a new one with one name under it. The old one stands until both have signed.
* Either takes a wording out of force alone. Both names go, so that nobody can see whose went first.
* A name lapses on its day. Signing again moves the day once both have done it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

BOTH = frozenset({1, 2})


class Refused(Exception):
    """This act does not fit the paper as it is now."""


@dataclass(frozen=True)
class Wording:
    """One wording. `names` maps a side to the day on which its signature lapses."""

    names: Mapping[int, date] = MappingProxyType({})
    adopted: bool = False  # both stood under it at some time
    closed: bool = False  # it can be signed no more

    def standing(self, today: date) -> frozenset[int]:
        """Return the sides whose signature stands on `today`."""
        return frozenset(side for side, until in self.names.items() if until > today)

    def in_force(self, today: date) -> bool:
        """True while both stand under it."""
        return self.standing(today) == BOTH

    def offered(self, side: int, today: date) -> date | None:
        """Return the day up to which the other has signed, beyond what `side` has; else None."""
        theirs = max((self.names[each] for each in self.standing(today) - {side}), default=None)
        mine = self.names.get(side)
        if theirs is None or (side in self.standing(today) and mine is not None and mine >= theirs):
            return None
        return theirs


Paper = Mapping[int, Wording]
"""The wordings of one agreement by their numbers, which run from 1."""


def propose(paper: Paper, side: int, *, until: date) -> Paper:
    """Put a new wording on the table, signed by `side` until `until`.

    An earlier proposal gives way to it. What has been in force stands as it is.
    """
    kept = {number: w if w.adopted else _closed(w) for number, w in paper.items()}
    return {**kept, len(paper) + 1: Wording(names={side: until})}


def sign(paper: Paper, side: int, number: int, *, until: date, today: date) -> Paper:
    """Put the name of `side` under wording `number` until `until`.

    Signing what one has signed already changes nothing, unless it is for longer. Once both names
    stand, every earlier wording is closed. Raises Refused for a wording that is closed or missing,
    and for a day that is not ahead.
    """
    wording = _open(paper, number)
    if until <= today:
        raise Refused("the day on which it lapses has to be ahead")
    if side in wording.standing(today) and wording.names[side] >= until:
        return paper
    signed = replace(wording, names={**wording.names, side: until})
    if not signed.in_force(today):
        return {**paper, number: signed}
    earlier = {each: _closed(w) if each < number else w for each, w in paper.items()}
    return {**earlier, number: replace(signed, adopted=True)}


def withdraw(paper: Paper, number: int) -> Paper:
    """Take wording `number` out of force, or off the table; whoever asks, both names go.

    Raises Refused for a wording that is closed or missing.
    """
    wording = _open(paper, number)
    return {**paper, number: replace(wording, names={}, closed=not wording.adopted)}


def in_force(paper: Paper, today: date) -> int | None:
    """Return the number of the wording in force on `today`, if there is one."""
    return next((number for number, w in paper.items() if w.in_force(today)), None)


def _open(paper: Paper, number: int) -> Wording:
    wording = paper.get(number)
    if wording is None or wording.closed:
        raise Refused(f"wording {number} is not open any more")
    return wording


def _closed(wording: Wording) -> Wording:
    return replace(wording, names={}, closed=True)


# --- The past ------------------------------------------------------------------------------------

Span = tuple[datetime, datetime]
"""From an instant up to another, which does not belong to it."""


def terms(mine: list[Span], theirs: list[Span]) -> list[Span]:
    """Return when both stood, given when each did; what follows without a gap is one term."""
    shared = [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in _merged(mine)
        for b in _merged(theirs)
        if max(a[0], b[0]) < min(a[1], b[1])
    ]
    return sorted(shared)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
