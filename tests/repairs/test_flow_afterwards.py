"""The way back as pure code, once it is mended: whether it holds, and words taken back or kept."""

from __future__ import annotations

import pytest

from repairs.flow import fold, may, step
from repairs.terms import SIDES, Act, Kind, Refused, Stage, State
from tests.repairs.test_flow import MENDED, TO_HURT, after


def test_holds_is_asked_two_days_later_and_two_yes_make_it_held() -> None:
    assert not may(after(MENDED), 1) - {Kind.UNSAY}
    with pytest.raises(Refused):
        after([*MENDED, (1, Kind.HOLDS_YES)], day=1)
    assert after([*MENDED, (1, Kind.HOLDS_YES)], day=2).stage is Stage.MENDED
    assert held().stage is Stage.HELD


def held() -> State:
    """Return the state two days after two people mended it and both said that it holds."""
    acts = [Act(n, side, kind) for n, (side, kind) in enumerate(MENDED, start=1)]
    acts += [Act(len(acts) + n, n, Kind.HOLDS_YES, 2) for n in SIDES]
    state = fold(acts)
    assert state is not None
    return state


@pytest.mark.parametrize("first", [None, Kind.HOLDS_YES, Kind.HOLDS_NO])
def test_what_the_other_can_do_says_nothing_of_how_one_answered(first: Kind | None) -> None:
    state = after(MENDED)
    if first:
        state = step(state, Act(state.count + 1, 1, first, 2))
    can = may(step(state, Act(state.count + 1, 2, Kind.HOLDS_NO, 2)), 2)
    assert can == {Kind.HOLDS_YES, Kind.REOPEN, Kind.UNSAY}


def test_a_no_is_its_authors_who_alone_can_reopen_it_at_settling() -> None:
    state = after(MENDED)
    state = step(state, Act(state.count + 1, 2, Kind.HOLDS_NO, 3))
    assert Kind.REOPEN not in may(state, 1)
    again = step(state, Act(state.count + 1, 2, Kind.REOPEN, 3))
    assert (again.stage, again.answers) == (Stage.SETTLING, {})


def test_words_are_kept_only_while_both_keep_them() -> None:
    state = held()
    for side in SIDES:
        assert not state.is_kept
        state = step(state, Act(state.count + 1, side, Kind.KEEP, 9))
    assert state.is_kept
    assert not step(state, Act(state.count + 1, 1, Kind.LET_FADE, 9)).is_kept


def test_words_taken_back_are_ones_own_and_only_once_both_have_read_them() -> None:
    unsaid = after(MENDED)
    hurt = next(n for n, (_side, kind) in enumerate(MENDED, start=1) if kind is Kind.HURT)
    with pytest.raises(Refused):
        step(unsaid, Act(unsaid.count + 1, 2, Kind.UNSAY, about=hurt))
    unsaid = step(unsaid, Act(unsaid.count + 1, 1, Kind.UNSAY, about=hurt))
    with pytest.raises(Refused):
        step(unsaid, Act(unsaid.count + 1, 1, Kind.UNSAY, about=hurt))
    hidden = after([*TO_HURT, (1, Kind.HURT)])
    with pytest.raises(Refused):
        step(hidden, Act(hidden.count + 1, 1, Kind.UNSAY, about=5))
