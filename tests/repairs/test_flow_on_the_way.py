"""The way back as pure code, in the middle of it: what opens when, and what can be changed."""

from __future__ import annotations

import pytest

from repairs.flow import awaits, may, on, step
from repairs.terms import ABOUT, SIDES, Act, Kind, Stage
from tests.repairs.test_flow import TO_HURT, TO_SAFE, Steps, after


def test_the_account_opens_when_both_have_settled_and_the_second_one_with_what_hurt() -> None:
    state = after(TO_HURT)
    assert state.reads(2, Act(1, 1, Kind.INVITE))
    assert Kind.ACCOUNT in may(state, 2)
    assert Kind.ACCOUNT not in may(state, 1)
    told = [*TO_HURT, (2, Kind.ACCOUNT)]
    assert not after(told).reads(1, Act(5, 2, Kind.ACCOUNT))
    both = after([*told, (1, Kind.NO_HURT), (2, Kind.NO_HURT)])
    assert both.reads(1, Act(5, 2, Kind.ACCOUNT))


def test_an_account_can_be_told_otherwise_or_taken_back_until_the_other_reads_it() -> None:
    told: Steps = [*TO_HURT, (2, Kind.ACCOUNT), (2, Kind.ACCOUNT)]
    read = after([*told, (1, Kind.NO_HURT), (2, Kind.NO_HURT)])
    assert (read.reads(1, Act(5, 2, Kind.ACCOUNT)), read.reads(1, Act(6, 2, Kind.ACCOUNT))) == (
        False,
        True,
    )
    state = after(told)
    back = step(state, Act(state.count + 1, 2, Kind.UNSAY, about=6))
    assert back.accounts == {}
    assert Kind.ACCOUNT in may(back, 2)


def test_a_next_time_beside_no_part_and_the_line_of_a_small_repair_can_be_taken_back() -> None:
    steps: Steps = [(1, Kind.SMALL), (1, Kind.CHANGE)]
    assert after(steps).can_unsay(1) == {ABOUT}
    steps += [(1, Kind.NO_PART), (2, Kind.PART)]
    assert after(steps).can_unsay(1) == {ABOUT, 3}


def test_an_answer_can_be_changed_until_the_other_has_answered() -> None:
    steps: Steps = [*TO_HURT, (1, Kind.NO_HURT), (1, Kind.CHANGE), (1, Kind.HURT)]
    state = after(steps)
    assert state.answers[1].kind is Kind.HURT
    assert Kind.CHANGE not in may(after([*steps, (2, Kind.NO_HURT)]), 1)


def test_who_took_it_for_done_in_person_can_change_that_too() -> None:
    state = after([*TO_HURT, (1, Kind.IN_PERSON), (1, Kind.CHANGE)])
    assert not state.in_person
    assert Kind.HURT in may(state, 1)


def test_whoever_comes_back_to_settling_is_asked_again() -> None:
    steps: Steps = [*TO_HURT[:3], (1, Kind.REST)]
    assert after(steps).answers == {}
    assert Kind.SETTLED in may(after([*steps, (1, Kind.BACK)]), 1)


@pytest.mark.parametrize("heard", [(2, Kind.ECHO), None])
def test_at_saying_back_too_in_person_can_be_changed(heard: tuple[int, Kind] | None) -> None:
    steps: Steps = [*TO_HURT, (1, Kind.HURT), (2, Kind.NO_HURT), (2, Kind.IN_PERSON)]
    state = after([*steps, heard or (2, Kind.CHANGE)])
    assert not state.in_person


def test_words_do_not_open_once_their_author_says_it_was_done_in_person() -> None:
    state = after([*TO_HURT, (1, Kind.HURT), (1, Kind.IN_PERSON), (2, Kind.HURT)])
    assert state.stage is Stage.HURT
    assert state.in_person == {1}
    assert not state.reads(2, Act(5, 1, Kind.HURT))
    assert Kind.HURT in may(state, 1)


def test_on_the_way_back_it_is_asked_again_the_next_day_and_can_be_answered_sooner() -> None:
    state = after([*TO_SAFE, (1, Kind.SAFE_GETTING), (2, Kind.SAFE_YES)])
    assert [awaits(state, side) for side in SIDES] == [False, False]
    assert Kind.SAFE_YES in may(state, 1)
    assert [awaits(on(state, 1), side) for side in SIDES] == [True, True]


def test_settling_side_by_side_opens_the_account() -> None:
    state = after([*TO_HURT[:2], (1, Kind.IN_PERSON), (2, Kind.IN_PERSON)])
    assert state.stage is Stage.HURT
    assert state.reads(2, Act(1, 1, Kind.INVITE))


def test_where_it_has_got_stuck_both_can_bring_it_to_a_session_and_it_rests() -> None:
    steps = [*TO_HURT, (1, Kind.HURT), (2, Kind.NO_HURT)]
    for _round in range(3):
        steps += [(2, Kind.ECHO), (1, Kind.NOT_QUITE)]
    assert {Kind.BRING} <= may(after(steps), 1) & may(after(steps), 2)
    state = after([*steps, (1, Kind.BRING), (2, Kind.BRING)])
    assert state.goes_to_a_session
    assert state.resting == {1, 2}
    back = after([*steps, (1, Kind.BRING), (2, Kind.BRING), (2, Kind.BACK)])
    assert Kind.ECHO in may(back, 2)
