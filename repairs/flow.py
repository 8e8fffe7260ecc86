"""The way back to each other, as pure code.

A repair is a list of acts by two sides. `fold` reads the list and says where the two stand:
which stage, what each side may do now, and which acts each side may read. It knows kinds, sides
and days, and reads no words. It imports no Django, so it can be tried in every order of acts.

Stages follow `STAGES`; `TABLE` is the one table of transitions: what can be done at each stage,
and by whom (`repairs/conditions.py`); `ANYWHERE` has what no stage changes, and
`repairs/steps.py` says where each act leads. Three shapes of stage
cover all of them:

* *both answer*: each side gives one answer, hidden from the other until both are there;
* *listening*: what one side has said is with the other, who answers until it is received;
* *choosing*: either takes the next step for both.

Resting is not a stage. It lies over one side, whatever the reason for it, and the other side sees
that it rests and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from repairs import conditions as who
from repairs.conditions import Fits
from repairs.steps import AFTER, ALWAYS
from repairs.terms import (
    ABOUT,
    DAYS_UNTIL_HOLDS,
    FIRST,
    SAFE_ANSWERS,
    WORDED,
    Act,
    Kind,
    Refused,
    Stage,
    State,
    other,
)

_SAFE: Mapping[Kind, Fits] = dict.fromkeys(sorted(SAFE_ANSWERS), who.unanswered)
_CHANGE: Mapping[Kind, Fits] = {Kind.CHANGE: who.has_answered}
_IN_PERSON: Mapping[Kind, Fits] = {Kind.IN_PERSON: who.not_yet_in_person}

TABLE: Mapping[Stage, Mapping[Kind, Fits]] = {
    Stage.INVITED: {
        Kind.NOW: who.invitee,
        Kind.LATER: who.invitee,
        Kind.ASK_AGAIN: who.inviter_on_a_later_day,
    },
    Stage.SETTLING: {Kind.SETTLED: who.unanswered, **_IN_PERSON, **_CHANGE},
    Stage.HURT: {
        Kind.HURT: who.unanswered,
        Kind.NO_HURT: who.unanswered,
        Kind.ACCOUNT: who.account_unread,
        **_IN_PERSON,
        **_CHANGE,
    },
    Stage.ECHO: {
        Kind.ECHO: who.hears,
        Kind.THATS_IT: who.judges,
        Kind.NOT_QUITE: who.judges,
        Kind.CLOSE_ENOUGH: who.heard_at_length,
        Kind.BRING: who.would_bring,
        **_IN_PERSON,
        **_CHANGE,
    },
    Stage.PART: {
        Kind.PART: who.unanswered,
        Kind.NO_PART: who.unanswered,
        **_IN_PERSON,
        **_CHANGE,
    },
    Stage.RECEIVE: {
        Kind.TAKE_IN: who.hears,
        Kind.NOT_THERE: who.hears,
        Kind.AGAIN_PART: who.somebody_is_not_there,
        Kind.BRING: who.would_bring,
        **_IN_PERSON,
        **_CHANGE,
    },
    Stage.US: {Kind.US: who.unanswered, **_IN_PERSON, **_CHANGE},
    Stage.SAFE: {**_SAFE, **_CHANGE},
    Stage.NOT_YET: {
        Kind.AGAIN_HURT: who.either,
        Kind.AGAIN_PART: who.either,
        Kind.BRING: who.would_bring,
    },
    Stage.ON_THE_WAY: {**_SAFE, **_CHANGE},
    Stage.MENDED: {
        Kind.HOLDS_YES: who.doubts_or_waits,
        Kind.HOLDS_NO: who.holds_or_waits,
        Kind.REOPEN: who.doubts,
    },
    Stage.HELD: {Kind.KEEP: who.not_keeping, Kind.LET_FADE: who.keeping},
    Stage.SENT: {},
}

ANYWHERE: Mapping[Kind, Fits] = {Kind.REST: who.is_open, Kind.UNSAY: who.has_words_to_unsay}
"""What can be done at every stage. Whoever rests can come back, and take words back."""

NOT_A_TURN = frozenset(
    {Kind.REST, Kind.BACK, Kind.LATER, Kind.IN_PERSON, Kind.ASK_AGAIN, Kind.ACCOUNT}
    | {Kind.CHANGE, Kind.UNSAY, Kind.BRING, Kind.CLOSE_ENOUGH, Kind.KEEP, Kind.LET_FADE}
)
"""What one can do without the other waiting for it."""


def may(state: State, side: int) -> frozenset[Kind]:
    """Return what `side` can do now."""
    here = {**ANYWHERE, **({} if side in state.resting else TABLE[state.stage])}
    kinds = {kind for kind, fits in here.items() if fits(state, side)}
    if side in state.resting:
        return frozenset(kinds - {Kind.REST} | {Kind.BACK})
    return frozenset(kinds)


def awaits(state: State, side: int) -> bool:
    """True when the next step at this stage is (also) for `side`."""
    if state.stage is Stage.MENDED and side in state.answers:
        return False  # they have said whether it holds, and may say otherwise
    if state.today < (asks_on(state) or state.today):
        return False
    can, across = may(state, side), other(side)
    if side in state.in_person and across not in state.answers:
        return False  # the other has yet to say how it was done
    return bool(can - NOT_A_TURN) or (across in state.in_person and Kind.IN_PERSON in can)


def asks_on(state: State) -> int | None:
    """Return the day from which this stage asks, where it does not ask at once.

    On the way back it can be answered sooner; whether it holds cannot.
    """
    if state.stage is Stage.MENDED and not state.small:
        return state.mended_on + DAYS_UNTIL_HOLDS
    return state.since + 1 if state.stage is Stage.ON_THE_WAY else None


def fold(acts: Iterable[Act]) -> State | None:
    """Return where the acts lead, or None for none; raises Refused at one that does not fit."""
    state: State | None = None
    for act in acts:
        state = step(state, act)
    return state


def on(state: State, day: int) -> State:
    """Return the same state as it is on a later day."""
    return replace(state, today=max(day, state.today))


def step(state: State | None, act: Act) -> State:
    """Return the state after `act`; raises Refused when it is not one of `may(state, act.side)`."""
    if state is None:
        return _begin(act)
    state = on(state, act.day)
    if act.number != state.count + 1 or act.kind not in may(state, act.side):
        raise Refused(f"{act.kind} by {act.side} does not fit at {state.stage}")
    if act.kind is Kind.UNSAY and act.about not in state.can_unsay(act.side):
        raise Refused(f"{act.about} is nothing that {act.side} can take back")
    state = replace(state, count=act.number)
    if act.kind in WORDED:
        state = replace(state, worded={**state.worded, act.number: act.side})
    always = ALWAYS.get(act.kind)
    return always(state, act) if always else AFTER[state.stage](state, act)


def _begin(act: Act) -> State:
    if act.kind not in FIRST or act.number != 1:
        raise Refused("a repair begins with an invitation, or with a part that is sent")
    state = State(
        stage=Stage.INVITED,
        inviter=act.side,
        today=act.day,
        since=act.day,
        asked_on=act.day,
        has_account=act.kind is Kind.INVITE,
        worded={1: act.side},
    )
    if act.kind is Kind.SMALL:
        # What it is about is read by both from the start, and the part only with the other's.
        worded = {ABOUT: act.side, 1: act.side}
        state = replace(state, worded=worded, revealed=frozenset({ABOUT}))
        return replace(state, stage=Stage.PART, small=True, answers={act.side: act})
    if act.kind is Kind.SEND:
        return replace(state, stage=Stage.SENT, revealed=frozenset({1}))
    return state
