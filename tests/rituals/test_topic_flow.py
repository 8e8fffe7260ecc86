"""Topics as pure code: every order of acts by two people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rituals.topics.flow import (
    CLOSED,
    SIDES,
    Act,
    Kind,
    Refused,
    Stage,
    State,
    fold,
    promise_ends,
    step,
)

Steps = list[tuple[int, Kind]]


def after(steps: Steps, *, concern: bool = False) -> State:
    acts = [Act(n, side, kind) for n, (side, kind) in enumerate(steps, start=1)]
    state = fold(acts, concern=concern)
    assert state is not None
    return state


def test_raised_heard_and_dealt_with_by_both() -> None:
    steps: Steps = [(1, Kind.RAISE), (2, Kind.HEARD), (1, Kind.DEALT)]
    assert after(steps).stage is Stage.HEARD
    assert after([*steps, (2, Kind.DEALT)]).stage is Stage.DEALT_WITH


def test_who_says_it_is_dealt_with_has_heard_it() -> None:
    assert after([(1, Kind.RAISE), (2, Kind.DEALT)]).stage is Stage.HEARD
    assert after([(1, Kind.RAISE), (1, Kind.DEALT)]).stage is Stage.RAISED


def test_the_promise_of_a_concern_ends_when_the_other_says_yes() -> None:
    asked: Steps = [(1, Kind.RAISE), (1, Kind.MAY_I)]
    state = after(asked, concern=True)
    assert state.promised
    assert Kind.YES_DO not in state.may(1)
    assert not after([*asked, (2, Kind.YES_DO)], concern=True).promised


def test_the_promise_ends_when_both_have_dealt_with_it() -> None:
    state = after([(1, Kind.RAISE), (1, Kind.DEALT), (2, Kind.DEALT)], concern=True)
    assert not state.promised


def test_the_promise_ends_by_itself_after_fourteen_days() -> None:
    assert promise_ends(date(2028, 2, 20)) == date(2028, 3, 5)


def test_whoever_raised_it_lets_it_go_until_it_is_heard_and_nobody_else_can() -> None:
    raised = after([(1, Kind.RAISE)])
    assert Kind.LET_GO in raised.may(1)
    assert Kind.LET_GO not in raised.may(2)
    for heard in (Kind.HEARD, Kind.DEALT):
        assert Kind.LET_GO not in after([(1, Kind.RAISE), (2, heard)]).may(1)
    gone = after([(1, Kind.RAISE), (1, Kind.LET_GO)])
    assert gone.stage is Stage.LET_GO
    assert not any(gone.may(side) for side in SIDES)


def test_a_concern_that_is_let_go_takes_its_promise_along() -> None:
    asked: Steps = [(1, Kind.RAISE), (1, Kind.MAY_I)]
    state = after([*asked, (1, Kind.LET_GO)], concern=True)
    assert not state.promised
    assert state.leave_asked_by is None


@pytest.mark.parametrize("side", SIDES)
def test_a_request_and_a_plan_bring_no_promise(side: int) -> None:
    state = after([(1, Kind.RAISE)])
    assert not state.promised
    assert Kind.MAY_I not in state.may(side)


class TwoPeople(RuleBasedStateMachine):
    """Two people who do whatever they may with a topic of either's, in any order."""

    @initialize(raiser=st.sampled_from(SIDES), concern=st.booleans())
    def raise_it(self, raiser: int, concern: bool) -> None:
        """Either raises one, with a promise or without."""
        self.concern = concern
        self.acts = [Act(1, raiser, Kind.RAISE)]
        self.state = State(raiser=raiser, concern=concern)

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(list(Kind)))
    def do_something(self, side: int, kind: Kind) -> None:
        """What fits leads on; what does not is refused and changes nothing."""
        act = Act(self.state.count + 1, side, kind)
        if kind not in self.state.may(side):
            with pytest.raises(Refused):
                step(self.state, act, concern=self.concern)
            return
        self.state = step(self.state, act, concern=self.concern)
        self.acts.append(act)

    @invariant()
    def the_acts_alone_are_the_truth(self) -> None:
        """Folding the list anew gives the same state."""
        assert fold(self.acts, concern=self.concern) == self.state

    @invariant()
    def it_is_dealt_with_when_both_have_said_so_and_never_before(self) -> None:
        """One alone deals with nothing, and two with everything."""
        both = self.state.dealt == frozenset(SIDES)
        assert (self.state.stage is Stage.DEALT_WITH) == both
        closed = self.state.stage in CLOSED
        assert closed or any(Kind.DEALT in self.state.may(side) for side in SIDES)

    @invariant()
    def nobody_is_shut_out_by_a_silence(self) -> None:
        """What waits to be heard can be let go by whoever raised it, whatever else was done."""
        waits = self.state.stage is Stage.RAISED
        assert waits == (Kind.LET_GO in self.state.may(self.state.raiser))

    @invariant()
    def only_a_concern_has_a_promise_and_only_an_open_one(self) -> None:
        """And nobody asks for leave where there is none to give."""
        assert not self.state.promised or (self.concern and self.state.stage not in CLOSED)
        if not self.state.promised:
            assert self.state.leave_asked_by is None


TestTwoPeople = TwoPeople.TestCase
