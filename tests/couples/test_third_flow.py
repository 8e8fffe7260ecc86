"""What can come between, as pure code: every order of acts, and which weeks count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couples.thirds.flow import (
    BOTH,
    ENOUGH,
    LOOKED_AT,
    SIDES,
    Act,
    Kind,
    Refused,
    Stage,
    counts,
    crowds_in,
    finished_weeks,
    fold,
    step,
    times,
)

ACTS = st.lists(st.builds(Act, st.sampled_from(SIDES), st.sampled_from(list(Kind))), max_size=8)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@given(namer=st.sampled_from(SIDES), acts=ACTS, person=st.booleans())
def test_a_person_is_in_force_only_while_both_stand_by_it(
    namer: int, acts: list[Act], person: bool
) -> None:
    done = [Act(namer, Kind.NAME)]
    state = fold(done, person=person)
    stands = {namer}
    for act in acts:
        assert state is not None
        if act.kind not in state.may(act.side):
            with pytest.raises(Refused):
                step(state, act, person=person)
            continue
        state = step(state, act, person=person)
        done.append(act)
        stands = set() if act.kind is Kind.LET_GO else stands | {act.side}
        assert state == fold(done, person=person)
        in_force = state.stage is Stage.IN_FORCE
        assert in_force == (stands == BOTH if person else bool(stands))
        assert (state.stage is Stage.LET_GO) == (not stands)


@given(acts=ACTS, person=st.booleans())
def test_either_can_let_it_go_at_any_time_and_what_is_left_names_nobody(
    acts: list[Act], person: bool
) -> None:
    left = set()
    for namer in SIDES:
        for leaver in SIDES:
            state = fold([Act(namer, Kind.NAME)], person=person)
            for act in acts:
                if state and act.kind in state.may(act.side):
                    state = step(state, act, person=person)
            if state and state.stage is not Stage.LET_GO:
                assert Kind.LET_GO in state.may(leaver)
                state = step(state, Act(leaver, Kind.LET_GO), person=person)
            left.add(state)
    assert len(left) == 1


def test_it_begins_with_naming_it() -> None:
    with pytest.raises(Refused):
        fold([Act(1, Kind.AGREE)], person=True)
    assert fold([], person=True) is None


@pytest.mark.parametrize(
    ("we", "this", "crowded"),
    [
        (0, 0, False),
        (0, 1, True),
        (1, 0, False),
        (1, 1, True),
        (3, 2, False),
        (2, 3, True),
        (7, 7, True),
    ],
)
def test_a_week_counts_when_this_was_said_at_least_as_often(
    we: int, this: int, crowded: bool
) -> None:
    assert counts(we=we, this=this) is crowded


@given(today=DAYS, number=st.integers(min_value=1, max_value=60))
def test_weeks_are_over_begin_on_monday_and_leave_none_out(today: date, number: int) -> None:
    weeks = finished_weeks(today, number)
    assert len(weeks) == number
    assert all(monday.isoweekday() == 1 for monday in weeks)
    assert all(later - one == timedelta(days=7) for one, later in zip(weeks, weeks[1:]))  # noqa: B905, RUF007
    assert timedelta(days=7) <= today - weeks[-1] < timedelta(days=14)


@given(today=DAYS, back=st.sets(st.integers(min_value=0, max_value=9)))
def test_three_of_the_last_four_weeks_that_are_over(today: date, back: set[int]) -> None:
    running = finished_weeks(today + timedelta(days=7), 1)[0]
    counted = {running - timedelta(days=7 * each) for each in back}
    looked_at = len(back & set(range(1, LOOKED_AT + 1)))
    assert times(counted, today) == looked_at
    assert crowds_in(counted, today) == (looked_at >= ENOUGH)


@given(today=DAYS, counted=st.sets(st.integers(min_value=1, max_value=6)))
def test_the_answer_is_the_same_from_monday_to_sunday(today: date, counted: set[int]) -> None:
    monday = finished_weeks(today + timedelta(days=7), 1)[0]
    weeks = {monday - timedelta(days=7 * each) for each in counted}
    answers = {crowds_in(weeks, monday + timedelta(days=day)) for day in range(7)}
    assert len(answers) == 1
