"""What can come between two people, as pure code: how it is named, and which weeks count.

Something becomes a third when either names it. A person becomes one only when both stand by it;
until then it is proposed, and nothing can be said about it. Either lets any third go alone, and
both names go with it, so that nobody can see whose word ended it. It imports no Django and reads no
words, so that it can be tried in every order of acts.

A week is seven of the couple's days from Monday on. It counts when "this came first" was said at
least as often as "we came first", and at least once. Only weeks that are over are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from couples.days import week_of

SIDES = (1, 2)
BOTH = frozenset(SIDES)

# --- Naming --------------------------------------------------------------------------------------


class Stage(StrEnum):
    """How a third stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    LET_GO = "let_go"


class Kind(StrEnum):
    """What a side can do with it."""

    NAME = "name"
    AGREE = "agree"
    LET_GO = "let_go"


class Refused(Exception):
    """This act does not fit how it stands now."""


@dataclass(frozen=True)
class Act:
    """One step by one side."""

    side: int
    kind: Kind


@dataclass(frozen=True)
class State:
    """`names` are the sides that stand by it; nobody does once it has been let go."""

    person: bool
    names: frozenset[int]

    @property
    def stage(self) -> Stage:
        """How it stands: a thing with one name, a person with both and never with one."""
        if not self.names:
            return Stage.LET_GO
        if self.person and self.names != BOTH:
            return Stage.PROPOSED
        return Stage.IN_FORCE

    def may(self, side: int) -> frozenset[Kind]:
        """Return what `side` can do now."""
        if self.stage is Stage.LET_GO:
            return frozenset()
        if self.stage is Stage.PROPOSED and side not in self.names:
            return frozenset({Kind.AGREE, Kind.LET_GO})
        return frozenset({Kind.LET_GO})


def fold(acts: Iterable[Act], *, person: bool) -> State | None:
    """Return where the acts lead, or None for none; raises Refused at one that does not fit."""
    state: State | None = None
    for act in acts:
        state = step(state, act, person=person)
    return state


def step(state: State | None, act: Act, *, person: bool) -> State:
    """Return the state after `act`; raises Refused when `act` is not one of `state.may(side)`."""
    if state is None:
        if act.kind is not Kind.NAME:
            raise Refused("it begins with naming it")
        return State(person=person, names=frozenset({act.side}))
    if act.kind not in state.may(act.side):
        raise Refused(f"{act.kind} by {act.side} does not fit: it is {state.stage}")
    names = state.names | {act.side} if act.kind is Kind.AGREE else frozenset()
    return replace(state, names=names)


# --- Weeks ---------------------------------------------------------------------------------------


class Came(StrEnum):
    """What came first on a day, in the word of one of the two."""

    WE = "we"
    THIS = "this"


WEEK = timedelta(days=7)
LOOKED_AT = 4
"""Weeks that are over and are looked at, the latest of them."""

ENOUGH = 3
"""Of these, how many have to count before the two are told."""


def counts(*, we: int, this: int) -> bool:
    """True when a third crowded in: `this` was said at least once, and as often as `we` or more."""
    return this >= max(we, 1)


def finished_weeks(today: date, number: int) -> list[date]:
    """Return the Mondays of the last `number` weeks that are over on `today`, oldest first.

    The running week is none of them: it would change with each word said, and so show the other
    that something had just been said.
    """
    return [week_of(today) - WEEK * back for back in range(number, 0, -1)]


def crowds_in(counted: Collection[date], today: date) -> bool:
    """True when enough of the weeks looked at are among the `counted` Mondays."""
    return times(counted, today) >= ENOUGH


def times(counted: Collection[date], today: date) -> int:
    """Return how many of the weeks looked at are among the `counted` Mondays: 0 to LOOKED_AT."""
    return sum(monday in counted for monday in finished_weeks(today, LOOKED_AT))
