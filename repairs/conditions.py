"""Who can do what: the conditions that stand in the table of `repairs/flow.py`, as pure code."""

from __future__ import annotations

from collections.abc import Callable

from repairs.terms import (
    DAYS_UNTIL_HOLDS,
    ROUNDS_BEFORE_CLOSE_ENOUGH,
    Kind,
    Listening,
    Stage,
    State,
    other,
)

Fits = Callable[[State, int], bool]


def invitee(state: State, side: int) -> bool:
    """The one who was invited."""
    return side != state.inviter


def inviter_on_a_later_day(state: State, side: int) -> bool:
    """The one who invited, on another day than the last time: one invitation a hurt a day."""
    return side == state.inviter and state.today > state.asked_on


def account_unread(state: State, side: int) -> bool:
    """Whoever did not begin with what happened, until the other has read how they saw it."""
    began_with_it = state.has_account and side == state.inviter
    return not began_with_it and state.accounts.get(side) not in state.revealed


def unanswered(state: State, side: int) -> bool:
    """This side has not answered this stage."""
    return side not in state.answers


def has_answered(state: State, side: int) -> bool:
    """This side has answered, by words or "in person", and waits: the answer is still its own."""
    return side in state.answers or side in state.in_person


def hears(state: State, side: int) -> bool:
    """The other has spoken and waits for this side to answer."""
    words = state.listening.get(other(side))
    return words is not None and not words.answered and not words.received


def judges(state: State, side: int) -> bool:
    """This side has spoken, and the other has said back what was heard."""
    words = state.listening.get(side)
    return words is not None and words.answered and not words.received


def heard_at_length(state: State, side: int) -> bool:
    """This side has spoken, and three rounds of saying back were not quite it yet."""
    words = state.listening.get(side)
    return words is not None and _stuck(words)


def not_yet_in_person(state: State, side: int) -> bool:
    """This side has not said yet that the stage was done face to face."""
    return side not in state.in_person


def somebody_is_not_there(state: State, _side: int) -> bool:
    """One of the two cannot take the other's part in yet."""
    return any(words.not_there for words in state.listening.values())


def would_bring(state: State, side: int) -> bool:
    """It has got stuck here, and this side has not said yet that it goes to a session."""
    at_length = any(_stuck(words) for words in state.listening.values())
    stuck = state.stage is Stage.NOT_YET or at_length or somebody_is_not_there(state, side)
    return stuck and side not in state.bringing


def doubts_or_waits(state: State, side: int) -> bool:
    """It is time to ask whether it holds, and this side has not said yes."""
    return _time_to_ask(state) and _answer(state, side) is not Kind.HOLDS_YES


def holds_or_waits(state: State, side: int) -> bool:
    """It is time to ask whether it holds, and this side has not said no."""
    return _time_to_ask(state) and _answer(state, side) is not Kind.HOLDS_NO


def doubts(state: State, side: int) -> bool:
    """This side has said that it does not hold, which the other does not know."""
    return _answer(state, side) is Kind.HOLDS_NO


def not_keeping(state: State, side: int) -> bool:
    """This side has not asked for the words to stay."""
    return side not in state.keeping


def keeping(state: State, side: int) -> bool:
    """This side has asked for the words to stay."""
    return side in state.keeping


def either(_state: State, _side: int) -> bool:
    """Either of the two, at any time."""
    return True


def is_open(state: State, _side: int) -> bool:
    """Each, until it is mended."""
    return state.is_open


def has_words_to_unsay(state: State, side: int) -> bool:
    """Whoever has words here that stand."""
    return bool(state.can_unsay(side))


def _stuck(words: Listening) -> bool:
    return not words.received and words.rounds >= ROUNDS_BEFORE_CLOSE_ENOUGH


def _time_to_ask(state: State) -> bool:
    return not state.small and state.today >= state.mended_on + DAYS_UNTIL_HOLDS


def _answer(state: State, side: int) -> Kind | None:
    act = state.answers.get(side)
    return act.kind if act else None
