"""Two people who do whatever they may, in any order, with days going by: nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from repairs import flow
from repairs.terms import (
    FIRST,
    FOR_ONESELF,
    OPEN,
    SIDES,
    WITH_WORDS,
    Act,
    Kind,
    Refused,
    Stage,
    State,
    other,
)


class TwoPeople(RuleBasedStateMachine):
    """Two people who do whatever they may, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[Act] = []
        self.state: State
        self.day = 0
        self.words: dict[int, Act] = {}
        self.unsaid: set[int] = set()

    @initialize(side=st.sampled_from(SIDES), kind=st.sampled_from(sorted(FIRST)))
    def begin(self, side: int, kind: Kind) -> None:
        """Either begins, in one of the three ways."""
        act = Act(1, side, kind)
        self.state = flow.step(None, act)
        self._keep(act)

    @rule(side=st.sampled_from(SIDES), choice=st.randoms(use_true_random=False))
    def do_something(self, side: int, choice: object) -> None:
        """One of the things this side may do now."""
        may = sorted(flow.may(flow.on(self.state, self.day), side))
        if not may:
            return
        kind = choice.choice(may)  # type: ignore[attr-defined]
        about = None
        if kind is Kind.UNSAY:
            about = choice.choice(sorted(self.state.can_unsay(side)))  # type: ignore[attr-defined]
            self.unsaid.add(about)
        before = self.state
        act = Act(before.count + 1, side, kind, self.day, about)
        self.state = flow.step(before, act)
        opened = self.state.revealed - before.revealed
        theirs_opened = {n for n in opened if n in self.words and self.words[n].side != side}
        assert not theirs_opened or other(side) not in before.resting
        self._keep(act)
        assert before.revealed <= self.state.revealed
        if kind in FOR_ONESELF and before.stage is self.state.stage:
            theirs = other(side)
            assert flow.may(flow.on(before, self.day), theirs) == flow.may(self.state, theirs)

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(list(Kind)))
    def try_anything(self, side: int, kind: Kind) -> None:
        """What does not fit is refused and changes nothing."""
        act = Act(self.state.count + 1, side, kind, self.day)
        if kind in flow.may(flow.on(self.state, self.day), side) and kind is not Kind.UNSAY:
            return
        with pytest.raises(Refused):
            flow.step(self.state, act)

    @rule(number=st.integers(-1, 60))
    def repeat_something(self, number: int) -> None:
        """An act that arrives again, or out of its order, is refused."""
        for act in self.acts:
            if act.number == number:
                with pytest.raises(Refused):
                    flow.step(self.state, act)

    @rule(days=st.integers(1, 3))
    def sleep_on_it(self, days: int) -> None:
        """Days go by."""
        self.day += days

    @invariant()
    def the_acts_alone_are_the_truth(self) -> None:
        """Folding the list anew gives the same state."""
        if self.acts:
            assert flow.fold(self.acts) == self.state

    @invariant()
    def there_is_a_next_step_for_somebody_and_a_way_out_for_both(self) -> None:
        """Nobody is ever stuck in an open repair."""
        if not self.acts or self.state.stage not in OPEN:
            return
        state = flow.on(self.state, max(self.day, flow.asks_on(self.state) or 0))
        assert any(flow.awaits(state, side) or side in state.resting for side in SIDES)
        assert all(flow.may(state, side) & {Kind.REST, Kind.BACK} for side in SIDES)

    @invariant()
    def the_table_names_it(self) -> None:
        """No order of acts reaches a stage without a row; nobody rests in what is over."""
        if self.acts:
            assert self.state.stage in flow.TABLE
            assert self.state.stage in OPEN or not self.state.resting

    @invariant()
    def words_are_hidden_until_both_are_done(self) -> None:
        """What one has written at a stage is not the other's to read while the stage lasts."""
        if not self.acts or self.state.stage in {Stage.MENDED, Stage.HELD}:
            return
        for side, act in self.state.answers.items():
            assert not self.state.reads(other(side), act)
        for side, number in self.state.accounts.items():
            if self.state.stage is Stage.HURT and side not in self.state.last_answers:
                assert self.state.reads(side, self.words[number])

    @invariant()
    def how_one_said_that_it_holds_is_never_revealed(self) -> None:
        """Neither before nor after: the other learns that it held, or that it was reopened."""
        for act in self.acts:
            if act.kind in FOR_ONESELF:
                assert not self.state.reads(other(act.side), act)

    @invariant()
    def no_words_are_lost(self) -> None:
        """Whoever wrote words reads them, until they take them back themselves."""
        for act in self.words.values():
            assert self.state.reads(act.side, act)
            assert (act.number in self.state.worded) == (act.number not in self.unsaid)

    def _keep(self, act: Act) -> None:
        self.acts.append(act)
        if act.kind in WITH_WORDS | {Kind.INVITE}:
            self.words[act.number] = act


TestTwoPeople = TwoPeople.TestCase
TestTwoPeople.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
