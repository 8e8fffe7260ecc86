"""Our time together, as pure code: where two phones stand on one agenda.

A meeting walks along its items, one after the other, to a close where everything decided is read
once more. Either side moves on, either goes back, either ends it, whenever they like. Each move
answers the step it was tapped on, so that two taps at once move on once. Nothing here knows who
tapped: a meeting belongs to both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

FORGOTTEN = timedelta(hours=24)
"""After so long without a step a meeting is over by itself."""


class Kind(StrEnum):
    """What either of the two can do."""

    NEXT = "next"
    BACK = "back"
    END = "end"


MOVES = {Kind.NEXT: 1, Kind.BACK: -1}


class Refused(Exception):
    """This act does not fit where the two stand now."""


class Late(Refused):
    """The two have moved since the page was drawn that this was tapped on."""


@dataclass(frozen=True)
class Act:
    """One tap. A move names the step it answers; an end fits wherever the two are."""

    kind: Kind
    answers: int = 0


@dataclass(frozen=True)
class State:
    """Where the two stand: `at` counts items from 0, and is `items` at the close."""

    items: int
    at: int = 0
    step: int = 0
    over: bool = False

    @property
    def at_the_close(self) -> bool:
        """True behind the last item."""
        return self.at == self.items

    def may(self) -> frozenset[Kind]:
        """Return what either can do now."""
        if self.over:
            return frozenset()
        moves = {kind for kind, by in MOVES.items() if 0 <= self.at + by <= self.items}
        return frozenset({Kind.END, *moves})


def step(state: State, act: Act) -> State:
    """Return the state after `act`.

    Raises Late for a move that answers an earlier step, Refused for what cannot be done here.
    """
    if act.kind in MOVES and not state.over and act.answers != state.step:
        raise Late(f"{act.kind} answers step {act.answers}, the two are at {state.step}")
    if act.kind not in state.may():
        raise Refused(f"{act.kind} does not fit at {state.at} of {state.items}")
    if act.kind is Kind.END:
        return replace(state, step=state.step + 1, over=True)
    return replace(state, step=state.step + 1, at=state.at + MOVES[act.kind])


def fold(acts: Iterable[Act], *, items: int) -> State:
    """Return where the acts lead from the first item; raises Refused at one that does not fit."""
    state = State(items)
    for act in acts:
        state = step(state, act)
    return state
