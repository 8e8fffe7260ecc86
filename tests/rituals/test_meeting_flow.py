"""Where two phones stand on one agenda, in every order of taps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.meetings.flow import MOVES, Act, Kind, Late, Refused, State, fold, step

taps = st.lists(st.builds(Act, st.sampled_from(Kind), st.integers(0, 12)), max_size=40)
sizes = st.integers(0, 9)


def walk(acts: list[Act], items: int) -> tuple[State, list[Act]]:
    """Take what fits, as the verb does, and return where it leads and what was taken."""
    state, taken = State(items), []
    for act in acts:
        try:
            state = step(state, act)
        except Refused:
            continue
        taken.append(act)
    return state, taken


@given(taps, sizes)
def test_the_two_are_always_somewhere_on_the_agenda(acts: list[Act], items: int) -> None:
    state, taken = walk(acts, items)
    assert 0 <= state.at <= items
    assert state.step == len(taken)
    assert fold(taken, items=items) == state


@given(taps, sizes)
def test_what_may_be_done_can_be_done_and_nothing_else(acts: list[Act], items: int) -> None:
    state, _taken = walk(acts, items)
    for kind in Kind:
        act = Act(kind, state.step)
        if kind in state.may():
            assert step(state, act) != state
        else:
            with pytest.raises(Refused):
                step(state, act)


@given(taps, sizes, st.sampled_from(sorted(MOVES)))
def test_two_taps_on_one_page_move_once(acts: list[Act], items: int, kind: Kind) -> None:
    state, _taken = walk(acts, items)
    if kind not in state.may():
        return
    tap = Act(kind, state.step)
    moved = step(state, tap)
    with pytest.raises(Late):
        step(moved, tap)


@given(taps, sizes)
def test_either_can_stop_wherever_the_two_are_and_then_nothing_moves(
    acts: list[Act], items: int
) -> None:
    state, _taken = walk(acts, items)
    if state.over:
        return
    over = step(state, Act(Kind.END))
    assert over.at == state.at
    assert not over.may()


def test_behind_the_last_item_comes_the_close() -> None:
    state = fold([Act(Kind.NEXT, 0), Act(Kind.NEXT, 1)], items=2)
    assert state.at_the_close
    assert state.may() == {Kind.BACK, Kind.END}
