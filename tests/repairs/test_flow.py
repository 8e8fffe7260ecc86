"""The way back as pure code: every order of acts by two people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from repairs.flow import (
    OPEN,
    SIDES,
    TABLE,
    WITH_WORDS,
    Act,
    Kind,
    Refused,
    Stage,
    State,
    fold,
    step,
)

Steps = list[tuple[int, Kind]]

TO_HURT: Steps = [(1, Kind.INVITE), (2, Kind.NOW), (1, Kind.SETTLED), (2, Kind.SETTLED)]
TO_PART: Steps = [
    *TO_HURT,
    (1, Kind.HURT),
    (2, Kind.NO_HURT),
    (2, Kind.ECHO),
    (1, Kind.THATS_IT),
]
TO_SAFE: Steps = [
    *TO_PART,
    (1, Kind.PART),
    (2, Kind.PART),
    (1, Kind.TAKE_IN),
    (2, Kind.TAKE_IN),
    (1, Kind.US),
    (2, Kind.US),
]
MENDED: Steps = [*TO_SAFE, (1, Kind.SAFE_YES), (2, Kind.SAFE_YES)]


def after(steps: Steps) -> State:
    acts = [Act(n, side, kind) for n, (side, kind) in enumerate(steps, start=1)]
    state = fold(acts)
    assert state is not None
    return state


def test_the_whole_way_leads_to_mended() -> None:
    assert after(MENDED).stage is Stage.MENDED


def test_every_stage_has_a_row_in_the_table() -> None:
    assert set(TABLE) == set(Stage)


def test_a_way_without_words_is_done_face_to_face() -> None:
    steps: Steps = [*TO_HURT]
    for _stage in (Stage.HURT, Stage.PART, Stage.US):
        steps += [(2, Kind.IN_PERSON), (1, Kind.IN_PERSON)]
    assert after(steps).stage is Stage.SAFE


def test_one_tap_of_in_person_alone_closes_nothing() -> None:
    state = after([*TO_HURT, (1, Kind.HURT), (2, Kind.IN_PERSON)])
    assert state.stage is Stage.HURT
    assert 5 not in state.revealed


def test_words_not_revealed_before_a_stage_is_closed_in_person_stay_their_authors() -> None:
    state = after([*TO_HURT, (1, Kind.HURT), (2, Kind.IN_PERSON), (1, Kind.IN_PERSON)])
    assert state.stage is Stage.PART
    assert not state.reads(2, Act(5, 1, Kind.HURT))
    assert state.reads(1, Act(5, 1, Kind.HURT))


def test_nothing_to_say_back_goes_straight_to_the_parts() -> None:
    assert after([*TO_HURT, (2, Kind.NO_HURT), (1, Kind.NO_HURT)]).stage is Stage.PART


def test_not_quite_yet_asks_again_and_after_three_rounds_close_enough_is_offered() -> None:
    steps = [*TO_HURT, (1, Kind.HURT), (2, Kind.NO_HURT)]
    for _round in range(3):
        steps.append((2, Kind.ECHO))
        assert (Kind.CLOSE_ENOUGH in after(steps).may(1)) == (_round == 2)
        steps.append((1, Kind.NOT_QUITE))
    steps += [(2, Kind.ECHO), (1, Kind.CLOSE_ENOUGH)]
    assert after(steps).stage is Stage.PART


def test_both_hurts_are_said_back_before_it_goes_on() -> None:
    steps = [*TO_HURT, (1, Kind.HURT), (2, Kind.HURT), (2, Kind.ECHO), (1, Kind.THATS_IT)]
    assert after(steps).stage is Stage.ECHO
    assert after([*steps, (1, Kind.ECHO), (2, Kind.THATS_IT)]).stage is Stage.PART


def test_not_there_yet_keeps_the_stage_and_offers_a_new_round_hidden_again() -> None:
    steps = [*TO_PART, (1, Kind.PART), (2, Kind.NO_PART), (2, Kind.NOT_THERE)]
    state = after(steps)
    assert state.stage is Stage.RECEIVE
    assert Kind.TAKE_IN in state.may(2)
    again = after([*steps, (1, Kind.AGAIN_PART), (1, Kind.PART)])
    assert again.stage is Stage.PART
    assert not again.reads(2, Act(again.count, 1, Kind.PART))


@pytest.mark.parametrize(
    ("first", "second", "leads_to"),
    [
        (Kind.SAFE_YES, Kind.SAFE_YES, Stage.MENDED),
        (Kind.SAFE_YES, Kind.SAFE_GETTING, Stage.ON_THE_WAY),
        (Kind.SAFE_GETTING, Kind.SAFE_GETTING, Stage.ON_THE_WAY),
        (Kind.SAFE_GETTING, Kind.SAFE_NOT_YET, Stage.NOT_YET),
        (Kind.SAFE_YES, Kind.SAFE_NOT_YET, Stage.NOT_YET),
    ],
)
def test_safe_again(first: Kind, second: Kind, leads_to: Stage) -> None:
    assert after([*TO_SAFE, (1, first), (2, second)]).stage is leads_to


def test_how_the_other_answered_is_hidden_until_both_have() -> None:
    state = after([*TO_SAFE, (1, Kind.SAFE_NOT_YET)])
    assert not state.reads(2, Act(state.count, 1, Kind.SAFE_NOT_YET))
    assert Kind.SAFE_NOT_YET not in state.last_answers.values()


def test_while_resting_one_can_only_come_back_and_the_other_goes_on() -> None:
    state = after([*TO_HURT, (2, Kind.REST)])
    assert state.may(2) == {Kind.BACK}
    assert Kind.HURT in state.may(1)
    assert after([*TO_HURT, (2, Kind.REST), (2, Kind.BACK)]).resting == frozenset()


def test_one_who_answered_and_rests_is_done_resting_once_it_is_mended() -> None:
    """Coming back later would be an act on what is mended, and would move the day it was."""
    state = after([*TO_SAFE, (1, Kind.SAFE_YES), (1, Kind.REST), (2, Kind.SAFE_YES)])
    assert state.stage is Stage.MENDED
    assert state.resting == frozenset()
    assert not state.may(1)


def test_the_inviter_cannot_accept_for_the_other() -> None:
    with pytest.raises(Refused):
        after([(1, Kind.INVITE), (1, Kind.NOW)])


def test_a_number_left_out_or_used_twice_is_refused() -> None:
    state = after(TO_HURT)
    for number in (state.count, state.count + 2):
        with pytest.raises(Refused):
            step(state, Act(number, 1, Kind.HURT))


@given(st.lists(st.tuples(st.sampled_from(SIDES), st.sampled_from(list(Kind))), max_size=40))
def test_no_order_of_acts_reaches_what_the_table_does_not_name(steps: Steps) -> None:
    state: State | None = None
    number = 0
    for side, kind in steps:
        try:
            state = step(state, Act(number + 1, side, kind))
        except Refused:
            continue
        number += 1
        assert state.stage in TABLE


class TwoPeople(RuleBasedStateMachine):
    """Two people who do whatever they may, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = [Act(1, 1, Kind.INVITE)]
        self.state = after([(1, Kind.INVITE)])
        self.hidden: dict[int, Act] = {}

    @rule(side=st.sampled_from(SIDES), choice=st.randoms(use_true_random=False))
    def do_something(self, side: int, choice: object) -> None:
        """One of the things this side may do now."""
        may = sorted(self.state.may(side))
        if not may:
            return
        kind = choice.choice(may)  # type: ignore[attr-defined]
        act = Act(self.state.count + 1, side, kind)
        before = self.state
        self.state = step(before, act)
        self.acts.append(act)
        self._remember(before, act)

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(list(Kind)))
    def try_anything(self, side: int, kind: Kind) -> None:
        """What does not fit is refused and changes nothing."""
        act = Act(self.state.count + 1, side, kind)
        if kind in self.state.may(side):
            return
        with pytest.raises(Refused):
            step(self.state, act)

    @invariant()
    def the_acts_alone_are_the_truth(self) -> None:
        """Folding the list anew gives the same state."""
        assert fold(self.acts) == self.state

    @invariant()
    def there_is_a_next_step_for_somebody_and_a_way_out_for_both(self) -> None:
        """Nobody is ever stuck in an open repair."""
        if self.state.stage not in OPEN:
            return
        assert any(self.state.awaits(side) or side in self.state.resting for side in SIDES)
        assert all(self.state.may(side) & {Kind.REST, Kind.BACK} for side in SIDES)

    @invariant()
    def what_is_mended_is_over(self) -> None:
        """Nothing is left to do, and nobody rests."""
        if self.state.stage not in OPEN:
            assert not any(self.state.may(side) for side in SIDES)

    @invariant()
    def words_are_hidden_until_both_are_done(self) -> None:
        """What one has written at a stage is not the other's to read while the stage lasts."""
        for side, act in self.state.answers.items():
            assert not self.state.reads(3 - side, act)

    @invariant()
    def what_was_revealed_stays_revealed(self) -> None:
        """Words once read by both do not disappear by going on."""
        for act in self.hidden.values():
            assert self.state.reads(act.side, act)

    def _remember(self, before: State, act: Act) -> None:
        assert before.revealed <= self.state.revealed
        if act.kind in WITH_WORDS:
            self.hidden[act.number] = act


TestTwoPeople = TwoPeople.TestCase
