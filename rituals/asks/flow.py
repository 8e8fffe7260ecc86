"""Asking first, as pure code.

An ask is a list of acts by two sides: the asker, and the one who was asked. `fold` reads the list
and says where the two stand and what each may do. It knows kinds and sides and reads no words.

Whatever is answered, the asker may let it go or go ahead: an ask is a check-in, and no answer is a
permission or a veto. An answer names the act it answers, so that nobody agrees to terms that
changed while their page was open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Stage(StrEnum):
    """Where an ask stands."""

    ASKED = "asked"  # with the one who was asked
    OFFERED = "offered"  # "fine, if …" is with the asker
    RATHER_NOT = "rather_not"  # said, and with the asker
    TALK = "talk"  # let's talk first
    AGREED = "agreed"
    LET_GO = "let_go"
    WENT_AHEAD = "went_ahead"


CLOSED = frozenset({Stage.AGREED, Stage.LET_GO, Stage.WENT_AHEAD})
OPEN = frozenset(Stage) - CLOSED
WITH_ASKER = OPEN - {Stage.ASKED}


class Kind(StrEnum):
    """What a side can do."""

    ASK = "ask"
    FINE = "fine"
    FINE_IF = "fine_if"
    RATHER_NOT = "rather_not"
    TALK_FIRST = "talk_first"
    COUNTER = "counter"
    AGREE = "agree"
    LET_GO = "let_go"
    WENT_AHEAD = "went_ahead"


ANSWERS = frozenset({Kind.FINE, Kind.FINE_IF, Kind.RATHER_NOT, Kind.TALK_FIRST})
ENDINGS = frozenset({Kind.LET_GO, Kind.WENT_AHEAD})
OFFERS = frozenset({Kind.FINE_IF, Kind.COUNTER})
"""Acts that are made of words: what would be fine, and what about this instead."""

MAY_ASKER: Mapping[Stage, frozenset[Kind]] = {
    Stage.ASKED: ENDINGS,
    Stage.OFFERED: ENDINGS | {Kind.AGREE, Kind.COUNTER},
    Stage.RATHER_NOT: ENDINGS | {Kind.COUNTER},
    Stage.TALK: ENDINGS | {Kind.COUNTER},
    **dict.fromkeys(sorted(CLOSED), frozenset()),
}
MAY_ASKED: Mapping[Stage, frozenset[Kind]] = {
    Stage.ASKED: ANSWERS,
    # Whoever was asked may think again, as long as it is open.
    Stage.OFFERED: ANSWERS,
    Stage.RATHER_NOT: ANSWERS - {Kind.RATHER_NOT},
    Stage.TALK: ANSWERS - {Kind.TALK_FIRST},
    **dict.fromkeys(sorted(CLOSED), frozenset()),
}
LEADS_TO: Mapping[Kind, Stage] = {
    Kind.FINE: Stage.AGREED,
    Kind.FINE_IF: Stage.OFFERED,
    Kind.RATHER_NOT: Stage.RATHER_NOT,
    Kind.TALK_FIRST: Stage.TALK,
    Kind.COUNTER: Stage.ASKED,
    Kind.AGREE: Stage.AGREED,
    Kind.LET_GO: Stage.LET_GO,
    Kind.WENT_AHEAD: Stage.WENT_AHEAD,
}


class Refused(Exception):
    """This act does not fit where the two stand now."""


@dataclass(frozen=True)
class Act:
    """One step by one side. Numbers run from 1; `answers` is the number of the act it answers."""

    number: int
    side: int
    kind: Kind
    answers: int = 0


@dataclass(frozen=True)
class State:
    """Where the two stand after some acts."""

    asker: int
    stage: Stage = Stage.ASKED
    count: int = 1

    def may(self, side: int) -> frozenset[Kind]:
        """Return what `side` can do now."""
        return (MAY_ASKER if side == self.asker else MAY_ASKED)[self.stage]

    def awaits(self, side: int) -> bool:
        """True when the next word is for `side`."""
        return self.stage in (WITH_ASKER if side == self.asker else {Stage.ASKED})

    @property
    def is_open(self) -> bool:
        """True until it is agreed, let go, or done."""
        return self.stage in OPEN


def fold(acts: Iterable[Act]) -> State | None:
    """Return where the acts lead, or None for none; raises Refused at one that does not fit."""
    state: State | None = None
    for act in acts:
        state = step(state, act)
    return state


def step(state: State | None, act: Act) -> State:
    """Return the state after `act`; raises Refused when it does not fit.

    An ending is the asker's at any time. Everything else has to answer the latest act.
    """
    if state is None:
        if act.kind is not Kind.ASK or act.number != 1:
            raise Refused("an ask begins with asking")
        return State(asker=act.side)
    if act.number != state.count + 1 or act.kind not in state.may(act.side):
        raise Refused(f"{act.kind} by {act.side} does not fit at {state.stage}")
    if act.kind not in ENDINGS and act.answers != state.count:
        raise Refused(f"answers {act.answers}, and {state.count} is the latest")
    return replace(state, stage=LEADS_TO[act.kind], count=act.number)
