"""Where each act leads, once `repairs/flow.py` has found that it fits; pure code.

`ALWAYS` has the acts that mean the same at every stage, `AFTER` what the others do at each stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from repairs.terms import OPEN, PARTS, SIDES, Act, Kind, Listening, Stage, State, other

Leads = Callable[[State, Act], State]

AFTER_IN_PERSON: Mapping[Stage, Stage] = {
    Stage.SETTLING: Stage.HURT,
    # Whoever talked about the hurt in person has said it back in person too, and so with a part.
    Stage.HURT: Stage.PART,
    Stage.ECHO: Stage.PART,
    Stage.PART: Stage.US,
    Stage.RECEIVE: Stage.US,
    Stage.US: Stage.SAFE,
}


# --- What is the same at every stage -------------------------------------------------------------


def _rest(state: State, act: Act) -> State:
    """Nothing of whoever rests may open meanwhile: an answer that waits is their own again.

    They find its words when they come back, and settling asks anew whether they are here.
    """
    state = _without_answer(state, act.side)
    return replace(state, resting=state.resting | {act.side})


def _back(state: State, act: Act) -> State:
    """Whoever comes back to what both brought to a session may have to bring it there again."""
    bringing = frozenset() if state.goes_to_a_session else state.bringing
    return replace(state, resting=state.resting - {act.side}, bringing=bringing)


def _change(state: State, act: Act) -> State:
    return _without_answer(state, act.side)


def _without_answer(state: State, side: int) -> State:
    answers = {each: act for each, act in state.answers.items() if each != side}
    return replace(state, answers=answers, in_person=state.in_person - {side})


def _unsay(state: State, act: Act) -> State:
    """Words that both have read leave "unsaid" behind; an unread account leaves nothing."""
    state = replace(state, worded={n: s for n, s in state.worded.items() if n != act.about})
    if act.about in state.revealed:
        return state
    return replace(state, accounts={s: n for s, n in state.accounts.items() if n != act.about})


def _bring(state: State, act: Act) -> State:
    """Once both would bring it to a session, it rests until either comes back to it."""
    state = replace(state, bringing=state.bringing | {act.side})
    return replace(state, resting=frozenset(SIDES)) if state.goes_to_a_session else state


def _in_person(state: State, act: Act) -> State:
    """One tap each closes the stage. Words already written and not revealed stay their author's."""
    state = _without_answer(state, act.side)
    state = replace(state, in_person=state.in_person | {act.side})
    if len(state.in_person) < len(SIDES):
        return state
    if state.stage is Stage.SETTLING:
        state = _open_the_account(state)
    return replace(_enter(state, AFTER_IN_PERSON[state.stage]), last_answers={})


# --- Where each act leads ------------------------------------------------------------------------


def _invited(state: State, act: Act) -> State:
    if act.kind is Kind.ASK_AGAIN:
        return replace(state, asked_on=act.day)
    return _enter(state, Stage.SETTLING) if act.kind is Kind.NOW else state


def _answer(state: State, act: Act) -> State:
    if act.kind is Kind.ACCOUNT:
        return replace(state, accounts={**state.accounts, act.side: act.number})
    answers = {**state.answers, act.side: act}
    state = replace(state, answers=answers, in_person=state.in_person - {act.side})
    if len(answers) < len(SIDES):
        return state
    return LEAVE[state.stage](_reveal(state))


def _reveal(state: State) -> State:
    """Both have answered: from now on each may read the other's."""
    shown = {act.number for act in state.answers.values()}
    if state.stage is Stage.HURT:
        shown |= set(state.accounts.values())
    return replace(
        state,
        revealed=state.revealed | shown,
        last_answers={side: act.kind for side, act in state.answers.items()},
    )


def _open_the_account(state: State) -> State:
    """What the inviter wrote about it opens once both are here."""
    return replace(state, revealed=state.revealed | {1}) if state.has_account else state


def _leave_settling(state: State) -> State:
    return _enter(_open_the_account(state), Stage.HURT)


def _leave_hurt(state: State) -> State:
    return _listen_or_go(state, {Kind.HURT}, listen=Stage.ECHO, otherwise=Stage.PART)


def _leave_part(state: State) -> State:
    if state.small:
        return _enter(state, Stage.US)
    return _listen_or_go(state, PARTS, listen=Stage.RECEIVE, otherwise=Stage.US)


def _leave_us(state: State) -> State:
    return _enter(state, Stage.SAFE)


def _leave_safe(state: State) -> State:
    answers = {act.kind for act in state.answers.values()}
    if answers == {Kind.SAFE_YES}:
        return replace(_enter(state, Stage.MENDED), mended_on=state.today)
    return _enter(state, Stage.NOT_YET if Kind.SAFE_NOT_YET in answers else Stage.ON_THE_WAY)


def _listen_or_go(state: State, said: Iterable[Kind], *, listen: Stage, otherwise: Stage) -> State:
    speakers = [side for side, act in state.answers.items() if act.kind in said]
    if not speakers:
        return _enter(state, otherwise)
    return replace(_enter(state, listen), listening={side: Listening() for side in speakers})


def _hear(state: State, act: Act) -> State:
    """Saying back, and what the one who was hurt answers to it. Both may read it at once."""
    state = _spoken(state, act)
    if act.kind is Kind.ECHO:
        speaker = other(act.side)
        return _heard(state, speaker, replace(state.listening[speaker], answered=True))
    words = state.listening[act.side]
    if act.kind is Kind.NOT_QUITE:
        again = replace(words, rounds=words.rounds + 1, answered=False)
        return _heard(state, act.side, again)
    return _heard(state, act.side, replace(words, received=True))


def _receive(state: State, act: Act) -> State:
    """What the other answers to a part. "Not there yet" stands as long as it has to."""
    state = _spoken(state, act)
    if act.kind is Kind.AGAIN_PART:
        return _anew(state, act, Stage.PART)
    taken = act.kind is Kind.TAKE_IN
    speaker = other(act.side)
    words = replace(state.listening[speaker], received=taken, not_there=not taken)
    return _heard(state, speaker, words)


def _spoken(state: State, act: Act) -> State:
    """Said while listening, it is both's to read at once, and so was not done in person."""
    in_person = state.in_person - {act.side}
    return replace(state, revealed=state.revealed | {act.number}, in_person=in_person)


def _heard(state: State, speaker: int, words: Listening) -> State:
    listening = {**state.listening, speaker: words}
    state = replace(state, listening=listening)
    if all(each.received for each in listening.values()):
        return _enter(state, Stage.PART if state.stage is Stage.ECHO else Stage.US)
    return state


def _again(state: State, act: Act) -> State:
    """A new round from an earlier stage, hidden again until both are done."""
    if act.kind is Kind.AGAIN_PART:
        return _anew(state, act, Stage.PART)
    # A small repair that turns out to be none has not settled yet, and goes the whole way.
    begins = Stage.SETTLING if state.small else Stage.HURT
    return _anew(replace(state, small=False), act, Stage.HURT, begins=begins)


def _anew(state: State, act: Act, stage: Stage, *, begins: Stage | None = None) -> State:
    """Begin a new round of a stage, and of all that follow it."""
    return replace(_enter(state, begins or stage), anew={**state.anew, stage: act.number})


def _holds(state: State, act: Act) -> State:
    """Each says so in their own time; what one has said shows when both hold, or when reopened."""
    if act.kind is Kind.REOPEN:
        return replace(_anew(state, act, Stage.HURT, begins=Stage.SETTLING), mended_on=0)
    state = replace(state, answers={**state.answers, act.side: act})
    said = [answer.kind for answer in state.answers.values()]
    return _enter(state, Stage.HELD) if said == [Kind.HOLDS_YES] * len(SIDES) else state


def _keep(state: State, act: Act) -> State:
    kept = {act.side} if act.kind is Kind.KEEP else set()
    return replace(state, keeping=state.keeping - {act.side} | kept)


def _enter(state: State, stage: Stage) -> State:
    # What is mended needs no rest any more; a rest under way is over with it.
    resting = state.resting if stage in OPEN else frozenset()
    clear = replace(state, answers={}, in_person=frozenset(), listening={}, bringing=frozenset())
    return replace(clear, stage=stage, since=state.today, resting=resting)


ALWAYS: Mapping[Kind, Leads] = {
    Kind.REST: _rest,
    Kind.BACK: _back,
    Kind.CHANGE: _change,
    Kind.UNSAY: _unsay,
    Kind.BRING: _bring,
    Kind.IN_PERSON: _in_person,
}

AFTER: Mapping[Stage, Leads] = {
    Stage.INVITED: _invited,
    Stage.SETTLING: _answer,
    Stage.HURT: _answer,
    Stage.ECHO: _hear,
    Stage.PART: _answer,
    Stage.RECEIVE: _receive,
    Stage.US: _answer,
    Stage.SAFE: _answer,
    Stage.NOT_YET: _again,
    Stage.ON_THE_WAY: _answer,
    Stage.MENDED: _holds,
    Stage.HELD: _keep,
}

LEAVE: Mapping[Stage, Callable[[State], State]] = {
    Stage.SETTLING: _leave_settling,
    Stage.HURT: _leave_hurt,
    Stage.PART: _leave_part,
    Stage.US: _leave_us,
    Stage.SAFE: _leave_safe,
    Stage.ON_THE_WAY: _leave_safe,
}
