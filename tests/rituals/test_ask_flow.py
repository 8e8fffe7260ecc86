"""Asking first as pure code: every order of acts by two people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rituals.asks.flow import (
    CLOSED,
    ENDINGS,
    LEADS_TO,
    MAY_ASKED,
    MAY_ASKER,
    OPEN,
    Act,
    Kind,
    Refused,
    Stage,
    State,
    fold,
    step,
)

ASKER, ASKED = 1, 2
SIDES = (ASKER, ASKED)
Steps = list[tuple[int, Kind]]


def after(steps: Steps) -> State:
    """Each step answers the one before it."""
    acts = [Act(n, side, kind, n - 1) for n, (side, kind) in enumerate(steps, start=1)]
    state = fold(acts)
    assert state is not None
    return state


def test_every_stage_has_a_row_for_each_side() -> None:
    assert set(MAY_ASKER) == set(MAY_ASKED) == set(Stage)


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        ([(ASKED, Kind.FINE)], Stage.AGREED),
        ([(ASKED, Kind.FINE_IF), (ASKER, Kind.AGREE)], Stage.AGREED),
        ([(ASKED, Kind.FINE_IF), (ASKER, Kind.COUNTER), (ASKED, Kind.FINE)], Stage.AGREED),
        ([(ASKED, Kind.RATHER_NOT), (ASKER, Kind.LET_GO)], Stage.LET_GO),
        ([(ASKED, Kind.RATHER_NOT), (ASKER, Kind.WENT_AHEAD)], Stage.WENT_AHEAD),
        ([(ASKED, Kind.RATHER_NOT), (ASKED, Kind.FINE)], Stage.AGREED),
        ([(ASKED, Kind.TALK_FIRST), (ASKED, Kind.FINE_IF)], Stage.OFFERED),
        ([(ASKED, Kind.TALK_FIRST), (ASKER, Kind.COUNTER)], Stage.ASKED),
        ([(ASKER, Kind.WENT_AHEAD)], Stage.WENT_AHEAD),
    ],
)
def test_the_ways_an_ask_can_go(steps: Steps, stage: Stage) -> None:
    assert after([(ASKER, Kind.ASK), *steps]).stage is stage


@pytest.mark.parametrize("stage", sorted(OPEN))
def test_no_answer_is_a_veto(stage: Stage) -> None:
    assert State(asker=ASKER, stage=stage).may(ASKER) >= ENDINGS
    assert not State(asker=ASKER, stage=stage).may(ASKED) & ENDINGS


@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_what_is_closed_stays_as_it_ended(stage: Stage) -> None:
    assert not any(State(asker=ASKER, stage=stage).may(side) for side in SIDES)


def test_nobody_agrees_to_terms_they_have_not_seen() -> None:
    state = after([(ASKER, Kind.ASK), (ASKED, Kind.FINE_IF), (ASKED, Kind.FINE_IF)])
    with pytest.raises(Refused):
        step(state, Act(4, ASKER, Kind.AGREE, answers=2))
    assert step(state, Act(4, ASKER, Kind.AGREE, answers=3)).stage is Stage.AGREED


@given(st.lists(st.tuples(st.sampled_from(SIDES), st.sampled_from(list(Kind))), max_size=30))
def test_no_order_of_acts_reaches_what_the_tables_do_not_name(steps: Steps) -> None:
    """What they name is taken and leads where it says; all else is refused."""
    state = State(asker=ASKER)
    for side, kind in steps:
        act = Act(state.count + 1, side, kind, state.count)
        if kind not in (MAY_ASKER if side == ASKER else MAY_ASKED)[state.stage]:
            with pytest.raises(Refused):
                step(state, act)
            continue
        before, state = state, step(state, act)
        assert state.stage is LEADS_TO[kind]
        assert state.count == before.count + 1


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.ASK}))
def test_nothing_comes_before_asking(kind: Kind) -> None:
    with pytest.raises(Refused):
        fold([Act(1, ASKER, kind)])


class TwoPeople(RuleBasedStateMachine):
    """Two people who do whatever they may, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = [Act(1, ASKER, Kind.ASK)]
        self.state = State(asker=ASKER)

    @rule(side=st.sampled_from(SIDES), choice=st.randoms(use_true_random=False))
    def do_something(self, side: int, choice: object) -> None:
        """One of the things this side may do now."""
        if may := sorted(self.state.may(side)):
            kind = choice.choice(may)  # type: ignore[attr-defined]
            act = Act(self.state.count + 1, side, kind, self.state.count)
            self.state = step(self.state, act)
            self.acts.append(act)

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(list(Kind)), late=st.integers(1, 3))
    def try_what_does_not_fit(self, side: int, kind: Kind, late: int) -> None:
        """An act of the other's, or an answer to something that is no longer the latest."""
        fits = kind in self.state.may(side) and kind in ENDINGS
        if not fits:
            act = Act(self.state.count + 1, side, kind, self.state.count - late)
            with pytest.raises(Refused):
                step(self.state, act)

    @invariant()
    def the_acts_alone_are_the_truth(self) -> None:
        """Folding the list anew gives the same state."""
        assert fold(self.acts) == self.state

    @invariant()
    def an_open_ask_waits_for_one_of_the_two(self) -> None:
        """Never for both, and never for nobody."""
        assert sum(self.state.awaits(side) for side in SIDES) == self.state.is_open


TestTwoPeople = TwoPeople.TestCase
