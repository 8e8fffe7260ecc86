"""The way back to each other, as pure code.

A repair is a list of acts by two sides. `fold` reads the list and says where the two stand:
which stage, what each side may do now, and which acts each side may read. It knows kinds and
sides and reads no words. It imports no Django, so it can be tried in every order of acts.

Stages follow `STAGES`; `TABLE` is the one table of transitions: what can be done at each stage,
and by whom. Two shapes of stage cover all of them:

* *both answer*: each side gives one answer, hidden from the other until both are there;
* *listening*: what one side has said is with the other, who answers until it is received.

Resting is not a stage. It lies over one side, whatever the reason for it, and the other side sees
that it rests and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

SIDES = (1, 2)
ROUNDS_BEFORE_CLOSE_ENOUGH = 3


class Stage(StrEnum):
    """Where a shared repair stands."""

    INVITED = "invited"
    SETTLING = "settling"
    HURT = "hurt"
    ECHO = "echo"  # saying back what was heard
    PART = "part"
    RECEIVE = "receive"  # answering the other's part
    US = "us"
    SAFE = "safe"
    NOT_YET = "not_yet"
    ON_THE_WAY = "on_the_way"
    MENDED = "mended"


STAGES = tuple(Stage)
OPEN = frozenset(STAGES) - {Stage.MENDED}


class Kind(StrEnum):
    """What a side can do."""

    INVITE = "invite"
    NOW = "now"
    LATER = "later"
    SETTLED = "settled"
    HURT = "hurt"
    NO_HURT = "no_hurt"
    ECHO = "echo"
    THATS_IT = "thats_it"
    NOT_QUITE = "not_quite"
    CLOSE_ENOUGH = "close_enough"
    PART = "part"
    NO_PART = "no_part"
    TAKE_IN = "take_in"
    NOT_THERE = "not_there"
    US = "us"
    SAFE_YES = "safe_yes"
    SAFE_GETTING = "safe_getting"
    SAFE_NOT_YET = "safe_not_yet"
    AGAIN_HURT = "again_hurt"
    AGAIN_PART = "again_part"
    IN_PERSON = "in_person"
    REST = "rest"
    BACK = "back"


WITH_WORDS = frozenset({Kind.HURT, Kind.ECHO, Kind.PART, Kind.US})
SAFE_ANSWERS = frozenset({Kind.SAFE_YES, Kind.SAFE_GETTING, Kind.SAFE_NOT_YET})


class Refused(Exception):
    """This act does not fit where the two stand now."""


@dataclass(frozen=True)
class Act:
    """One step by one side. Numbers run from 1 and leave none out."""

    number: int
    side: int
    kind: Kind


@dataclass(frozen=True)
class Listening:
    """How far the words of one side have been received by the other."""

    rounds: int = 0
    answered: bool = False  # the listener has spoken and waits for the speaker
    received: bool = False
    not_there: bool = False


@dataclass(frozen=True)
class State:
    """Where the two stand after some acts."""

    stage: Stage
    inviter: int
    count: int = 1
    answers: Mapping[int, Act] = MappingProxyType({})
    in_person: frozenset[int] = frozenset()
    listening: Mapping[int, Listening] = MappingProxyType({})  # by the side that spoke
    resting: frozenset[int] = frozenset()
    revealed: frozenset[int] = frozenset()  # numbers of acts that both may read
    last_answers: Mapping[int, Kind] = MappingProxyType({})  # how each answered the last stage

    def may(self, side: int) -> frozenset[Kind]:
        """Return what `side` can do now."""
        if side in self.resting:
            return frozenset({Kind.BACK})
        ways_out = frozenset({Kind.REST}) if self.stage in OPEN else frozenset()
        return ways_out | {kind for kind, fits in TABLE[self.stage].items() if fits(self, side)}

    def awaits(self, side: int) -> bool:
        """True when the next step at this stage is (also) for `side`."""
        return bool(self.may(side) - {Kind.REST, Kind.BACK, Kind.LATER, Kind.IN_PERSON})

    def reads(self, side: int, act: Act) -> bool:
        """True when `side` may see this act: its own, and what has been revealed."""
        return act.side == side or act.number in self.revealed

    @property
    def is_open(self) -> bool:
        """True until it is mended."""
        return self.stage in OPEN


def fold(acts: Iterable[Act]) -> State | None:
    """Return where the acts lead, or None for none; raises Refused at one that does not fit."""
    state: State | None = None
    for act in acts:
        state = step(state, act)
    return state


def step(state: State | None, act: Act) -> State:
    """Return the state after `act`; raises Refused when `act` is not one of `state.may(side)`."""
    if state is None:
        if act.kind is not Kind.INVITE or act.number != 1:
            raise Refused("a repair begins with an invitation")
        return State(stage=Stage.INVITED, inviter=act.side)
    if act.number != state.count + 1 or act.kind not in state.may(act.side):
        raise Refused(f"{act.kind} by {act.side} does not fit at {state.stage}")
    state = replace(state, count=act.number)
    if act.kind is Kind.REST:
        return replace(state, resting=state.resting | {act.side})
    if act.kind is Kind.BACK:
        return replace(state, resting=state.resting - {act.side})
    if act.kind is Kind.IN_PERSON:
        return _in_person(state, act)
    return AFTER[state.stage](state, act)


# --- What can be done at each stage --------------------------------------------------------------


def _invitee(state: State, side: int) -> bool:
    return side != state.inviter


def _unanswered(state: State, side: int) -> bool:
    return side not in state.answers


def _hears(state: State, side: int) -> bool:
    """The other has spoken and waits for this side to answer."""
    words = state.listening.get(_other(side))
    return words is not None and not words.answered and not words.received


def _judges(state: State, side: int) -> bool:
    """This side has spoken, and the other has said back what was heard."""
    words = state.listening.get(side)
    return words is not None and words.answered and not words.received


def _judges_at_length(state: State, side: int) -> bool:
    return _judges(state, side) and state.listening[side].rounds >= ROUNDS_BEFORE_CLOSE_ENOUGH


def _not_yet_in_person(state: State, side: int) -> bool:
    return side not in state.in_person


def _somebody_is_not_there(state: State, _side: int) -> bool:
    return any(words.not_there for words in state.listening.values())


def _both(_state: State, _side: int) -> bool:
    return True


Fits = Callable[[State, int], bool]

TABLE: Mapping[Stage, Mapping[Kind, Fits]] = {
    Stage.INVITED: {Kind.NOW: _invitee, Kind.LATER: _invitee},
    Stage.SETTLING: {Kind.SETTLED: _unanswered},
    Stage.HURT: {
        Kind.HURT: _unanswered,
        Kind.NO_HURT: _unanswered,
        Kind.IN_PERSON: _not_yet_in_person,
    },
    Stage.ECHO: {
        Kind.ECHO: _hears,
        Kind.THATS_IT: _judges,
        Kind.NOT_QUITE: _judges,
        Kind.CLOSE_ENOUGH: _judges_at_length,
        Kind.IN_PERSON: _not_yet_in_person,
    },
    Stage.PART: {
        Kind.PART: _unanswered,
        Kind.NO_PART: _unanswered,
        Kind.IN_PERSON: _not_yet_in_person,
    },
    Stage.RECEIVE: {
        Kind.TAKE_IN: _hears,
        Kind.NOT_THERE: _hears,
        Kind.AGAIN_PART: _somebody_is_not_there,
        Kind.IN_PERSON: _not_yet_in_person,
    },
    Stage.US: {Kind.US: _unanswered, Kind.IN_PERSON: _not_yet_in_person},
    Stage.SAFE: dict.fromkeys(sorted(SAFE_ANSWERS), _unanswered),
    Stage.NOT_YET: {Kind.AGAIN_HURT: _both, Kind.AGAIN_PART: _both},
    Stage.ON_THE_WAY: dict.fromkeys(sorted(SAFE_ANSWERS), _unanswered),
    Stage.MENDED: {},
}

AFTER_IN_PERSON: Mapping[Stage, Stage] = {
    # Whoever talked about the hurt in person has said it back in person too, and so with a part.
    Stage.HURT: Stage.PART,
    Stage.ECHO: Stage.PART,
    Stage.PART: Stage.US,
    Stage.RECEIVE: Stage.US,
    Stage.US: Stage.SAFE,
}


# --- Where each act leads ------------------------------------------------------------------------


def _accept(state: State, act: Act) -> State:
    return _enter(state, Stage.SETTLING) if act.kind is Kind.NOW else state


def _answer(state: State, act: Act) -> State:
    answers = {**state.answers, act.side: act}
    state = replace(state, answers=answers)
    if len(answers) < len(SIDES):
        return state
    return LEAVE[state.stage](_reveal(state))


def _reveal(state: State) -> State:
    """Both have answered: from now on each may read the other's."""
    shown = frozenset(act.number for act in state.answers.values())
    return replace(
        state,
        revealed=state.revealed | shown,
        last_answers={side: act.kind for side, act in state.answers.items()},
    )


def _leave_settling(state: State) -> State:
    return _enter(state, Stage.HURT)


def _leave_hurt(state: State) -> State:
    return _listen_or_go(state, Kind.HURT, listen=Stage.ECHO, otherwise=Stage.PART)


def _leave_part(state: State) -> State:
    return _listen_or_go(state, Kind.PART, listen=Stage.RECEIVE, otherwise=Stage.US)


def _leave_us(state: State) -> State:
    return _enter(state, Stage.SAFE)


def _leave_safe(state: State) -> State:
    answers = {act.kind for act in state.answers.values()}
    if answers == {Kind.SAFE_YES}:
        return _enter(state, Stage.MENDED)
    return _enter(state, Stage.NOT_YET if Kind.SAFE_NOT_YET in answers else Stage.ON_THE_WAY)


def _listen_or_go(state: State, said: Kind, *, listen: Stage, otherwise: Stage) -> State:
    speakers = [side for side, act in state.answers.items() if act.kind is said]
    if not speakers:
        return _enter(state, otherwise)
    return replace(_enter(state, listen), listening={side: Listening() for side in speakers})


def _hear(state: State, act: Act) -> State:
    """Saying back, and what the one who was hurt answers to it. Both may read it at once."""
    state = replace(state, revealed=state.revealed | {act.number})
    if act.kind is Kind.ECHO:
        speaker = _other(act.side)
        words = state.listening[speaker]
        return _heard(state, speaker, replace(words, rounds=words.rounds + 1, answered=True))
    words = state.listening[act.side]
    if act.kind is Kind.NOT_QUITE:
        return _heard(state, act.side, replace(words, answered=False))
    return _heard(state, act.side, replace(words, received=True))


def _receive(state: State, act: Act) -> State:
    """What the other answers to a part. "Not there yet" stands as long as it has to."""
    state = replace(state, revealed=state.revealed | {act.number})
    if act.kind is Kind.AGAIN_PART:
        return _enter(state, Stage.PART)
    taken = act.kind is Kind.TAKE_IN
    speaker = _other(act.side)
    words = replace(state.listening[speaker], received=taken, not_there=not taken)
    return _heard(state, speaker, words)


def _heard(state: State, speaker: int, words: Listening) -> State:
    listening = {**state.listening, speaker: words}
    state = replace(state, listening=listening)
    if all(each.received for each in listening.values()):
        return _enter(state, Stage.PART if state.stage is Stage.ECHO else Stage.US)
    return state


def _again(state: State, act: Act) -> State:
    """A new round from an earlier stage, hidden again until both are done."""
    return _enter(state, Stage.HURT if act.kind is Kind.AGAIN_HURT else Stage.PART)


def _in_person(state: State, act: Act) -> State:
    """One tap each closes the stage. Words already written and not revealed stay their author's."""
    state = replace(state, in_person=state.in_person | {act.side})
    if len(state.in_person) < len(SIDES):
        return state
    return replace(_enter(state, AFTER_IN_PERSON[state.stage]), last_answers={})


def _enter(state: State, stage: Stage) -> State:
    # What is mended needs no rest any more; a rest under way is over with it.
    resting = state.resting if stage in OPEN else frozenset()
    clear = replace(state, answers={}, in_person=frozenset(), listening={})
    return replace(clear, stage=stage, resting=resting)


def _other(side: int) -> int:
    return SIDES[0] + SIDES[1] - side


AFTER: Mapping[Stage, Callable[[State, Act], State]] = {
    Stage.INVITED: _accept,
    Stage.SETTLING: _answer,
    Stage.HURT: _answer,
    Stage.ECHO: _hear,
    Stage.PART: _answer,
    Stage.RECEIVE: _receive,
    Stage.US: _answer,
    Stage.SAFE: _answer,
    Stage.NOT_YET: _again,
    Stage.ON_THE_WAY: _answer,
}

LEAVE: Mapping[Stage, Callable[[State], State]] = {
    Stage.SETTLING: _leave_settling,
    Stage.HURT: _leave_hurt,
    Stage.PART: _leave_part,
    Stage.US: _leave_us,
    Stage.SAFE: _leave_safe,
    Stage.ON_THE_WAY: _leave_safe,
}
