"""Topics as pure code: every order of acts by two people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rituals.topic_flow import SIDES, Act, Kind, Refused, Stage, State, fold, promise_ends, step

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


@pytest.mark.parametrize("side", SIDES)
def test_a_request_and_a_plan_bring_no_promise(side: int) -> None:
    state = after([(1, Kind.RAISE)])
    assert not state.promised
    assert Kind.MAY_I not in state.may(side)


class TwoPeople(RuleBasedStateMachine):
    """Two people who do whatever they may with a concern, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = [Act(1, 1, Kind.RAISE)]
        self.state = State(raiser=1, concern=True)

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(list(Kind)))
    def do_something(self, side: int, kind: Kind) -> None:
        """What fits leads on; what does not is refused and changes nothing."""
        act = Act(self.state.count + 1, side, kind)
        if kind not in self.state.may(side):
            with pytest.raises(Refused):
                step(self.state, act, concern=True)
            return
        self.state = step(self.state, act, concern=True)
        self.acts.append(act)

    @invariant()
    def the_acts_alone_are_the_truth(self) -> None:
        """Folding the list anew gives the same state."""
        assert fold(self.acts, concern=True) == self.state

    @invariant()
    def it_is_dealt_with_when_both_have_said_so_and_never_before(self) -> None:
        """One alone closes nothing, and two close everything."""
        both = self.state.dealt == frozenset(SIDES)
        assert (self.state.stage is Stage.DEALT_WITH) == both
        assert both or any(Kind.DEALT in self.state.may(side) for side in SIDES)


TestTwoPeople = TwoPeople.TestCase
