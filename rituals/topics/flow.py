"""Topics, as pure code: raised, heard, dealt with by both, or let go before it was heard.

A topic that has been raised is a list of acts by two sides. `fold` reads the list and says where
the two stand and what each may do. A concern comes with a promise to talk about it with each other
first; the promise ends when both have dealt with it, when one says yes to "may I talk about this
with …?", or by itself after PROMISE. Nothing else depends on it: it is a promise and no lock.

Whoever raised a topic may let it go until the other has answered in any way, so that a silence is
never a veto: what nobody hears does not take up room for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

SIDES = (1, 2)
PROMISE = timedelta(days=14)
"""How long the promise of a concern stands, from the day it was raised."""


class Stage(StrEnum):
    """Where a raised topic stands."""

    RAISED = "raised"
    HEARD = "heard"
    DEALT_WITH = "dealt_with"
    LET_GO = "let_go"


CLOSED = frozenset({Stage.DEALT_WITH, Stage.LET_GO})


class Kind(StrEnum):
    """What a side can do."""

    RAISE = "raise"
    HEARD = "heard"
    DEALT = "dealt"
    LET_GO = "let_go"  # for now
    MAY_I = "may_i"  # talk about this with …?
    YES_DO = "yes_do"


WITH_WORDS = frozenset({Kind.MAY_I})


class Refused(Exception):
    """This act does not fit where the two stand now."""


@dataclass(frozen=True)
class Act:
    """One step by one side. Numbers run from 1 and leave none out."""

    number: int
    side: int
    kind: Kind


@dataclass(frozen=True)
class State:
    """Where the two stand after some acts."""

    raiser: int
    concern: bool
    stage: Stage = Stage.RAISED
    count: int = 1
    dealt: frozenset[int] = frozenset()
    leave_asked_by: int | None = None
    released: bool = False

    def may(self, side: int) -> frozenset[Kind]:
        """Return what `side` can do now. The end of a promise by itself is not known here."""
        if self.stage in CLOSED:
            return frozenset()
        may = set()
        if self.stage is Stage.RAISED:
            may.add(Kind.LET_GO if side == self.raiser else Kind.HEARD)
        if side not in self.dealt:
            may.add(Kind.DEALT)
        if self.concern and not self.released:
            if self.leave_asked_by is None:
                may.add(Kind.MAY_I)
            elif self.leave_asked_by != side:
                may.add(Kind.YES_DO)
        return frozenset(may)

    @property
    def promised(self) -> bool:
        """True while nobody's act has ended the promise of a concern."""
        return self.concern and not self.released and self.stage not in CLOSED


def promise_ends(raised_on: date) -> date:
    """Return the first day on which a promise made on `raised_on` has ended by itself."""
    return raised_on + PROMISE


def fold(acts: Iterable[Act], *, concern: bool) -> State | None:
    """Return where the acts lead, or None for none; raises Refused at one that does not fit."""
    state: State | None = None
    for act in acts:
        state = step(state, act, concern=concern)
    return state


def step(state: State | None, act: Act, *, concern: bool) -> State:
    """Return the state after `act`; raises Refused when `act` is not one of `state.may(side)`."""
    if state is None:
        if act.kind is not Kind.RAISE or act.number != 1:
            raise Refused("a topic begins with raising it")
        return State(raiser=act.side, concern=concern)
    if act.number != state.count + 1 or act.kind not in state.may(act.side):
        raise Refused(f"{act.kind} by {act.side} does not fit at {state.stage}")
    return _after(replace(state, count=act.number), act)


def _after(state: State, act: Act) -> State:
    if act.kind is Kind.MAY_I:
        return replace(state, leave_asked_by=act.side)
    if act.kind is Kind.YES_DO:
        return replace(state, leave_asked_by=None, released=True)
    if act.kind is Kind.LET_GO:
        return replace(state, stage=Stage.LET_GO, leave_asked_by=None)
    heard = state.stage is Stage.HEARD or act.side != state.raiser
    state = replace(state, stage=Stage.HEARD if heard else Stage.RAISED)
    if act.kind is Kind.DEALT:
        state = replace(state, dealt=state.dealt | {act.side})
    if state.dealt == frozenset(SIDES):
        # Nothing is left to ask leave for.
        return replace(state, stage=Stage.DEALT_WITH, leave_asked_by=None)
    return state
