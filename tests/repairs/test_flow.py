"""The way back as pure code: every order of acts by two people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repairs.flow import TABLE, fold, may, step
from repairs.terms import (
    SIDES,
    Act,
    Kind,
    Refused,
    Stage,
    State,
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


def after(steps: Steps, *, day: int = 0) -> State:
    """Return where these steps lead, the last of them done on `day` and the others before."""
    last = len(steps)
    acts = [
        Act(n, side, kind, day if n == last else 0) for n, (side, kind) in enumerate(steps, start=1)
    ]
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
        assert Kind.CLOSE_ENOUGH not in may(after(steps), 1)
        steps.append((1, Kind.NOT_QUITE))
    assert {Kind.CLOSE_ENOUGH, Kind.BRING, Kind.REST} <= may(after(steps), 1)
    assert Kind.CLOSE_ENOUGH not in may(after(steps), 2)
    assert after([*steps, (1, Kind.CLOSE_ENOUGH)]).stage is Stage.PART
    assert after([*steps, (2, Kind.ECHO), (1, Kind.CLOSE_ENOUGH)]).stage is Stage.PART


def test_close_enough_is_for_whoever_it_took_so_long_with() -> None:
    steps = [*TO_HURT, (1, Kind.HURT), (2, Kind.HURT), (1, Kind.ECHO)]
    for _round in range(3):
        steps += [(2, Kind.ECHO), (1, Kind.NOT_QUITE)]
    assert Kind.CLOSE_ENOUGH in may(after(steps), 1)
    assert Kind.CLOSE_ENOUGH not in may(after(steps), 2)


def test_both_hurts_are_said_back_before_it_goes_on() -> None:
    steps = [*TO_HURT, (1, Kind.HURT), (2, Kind.HURT), (2, Kind.ECHO), (1, Kind.THATS_IT)]
    assert after(steps).stage is Stage.ECHO
    assert after([*steps, (1, Kind.ECHO), (2, Kind.THATS_IT)]).stage is Stage.PART


def test_not_there_yet_keeps_the_stage_and_offers_a_new_round_hidden_again() -> None:
    steps = [*TO_PART, (1, Kind.PART), (2, Kind.NO_PART), (2, Kind.NOT_THERE)]
    state = after(steps)
    assert state.stage is Stage.RECEIVE
    assert Kind.TAKE_IN in may(state, 2)
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
    assert may(state, 2) == {Kind.BACK}
    assert Kind.HURT in may(state, 1)
    assert after([*TO_HURT, (2, Kind.REST), (2, Kind.BACK)]).resting == frozenset()


@pytest.mark.parametrize(
    ("steps", "mine", "theirs"),
    [
        (TO_HURT, Kind.HURT, Kind.NO_HURT),
        (TO_PART, Kind.PART, Kind.NO_PART),
        (TO_SAFE, Kind.SAFE_YES, Kind.SAFE_YES),
        (TO_HURT, Kind.IN_PERSON, Kind.IN_PERSON),
    ],
)
def test_nothing_of_whoever_rests_opens_and_nothing_moves_on_by_it(
    steps: Steps, mine: Kind, theirs: Kind
) -> None:
    before = after([*steps, (1, mine), (1, Kind.REST)])
    state = after([*steps, (1, mine), (1, Kind.REST), (2, theirs)])
    assert state.stage is before.stage
    assert state.revealed == before.revealed
    assert mine in may(after([*steps, (1, mine), (1, Kind.REST), (2, theirs), (1, Kind.BACK)]), 1)


def test_the_inviter_cannot_accept_for_the_other() -> None:
    with pytest.raises(Refused):
        after([(1, Kind.INVITE), (1, Kind.NOW)])


def test_a_number_left_out_or_used_twice_is_refused() -> None:
    state = after(TO_HURT)
    for number in (state.count, state.count + 2):
        with pytest.raises(Refused):
            step(state, Act(number, 1, Kind.HURT))


# --- Beginning -----------------------------------------------------------------------------------


def test_a_small_repair_is_my_part_us_and_safe_again() -> None:
    steps: Steps = [(1, Kind.SMALL)]
    assert not after(steps).reads(2, Act(1, 1, Kind.SMALL))
    steps += [(2, Kind.NO_PART)]
    assert after(steps).stage is Stage.US
    assert after(steps).reads(2, Act(1, 1, Kind.SMALL))
    steps += [(1, Kind.US), (2, Kind.US), (1, Kind.SAFE_YES), (2, Kind.SAFE_YES)]
    assert after(steps).stage is Stage.MENDED
    assert not may(after(steps, day=90), 1) - {Kind.UNSAY}  # nobody is asked whether it holds


def test_a_small_repair_that_is_none_goes_the_whole_way() -> None:
    steps: Steps = [(1, Kind.SMALL), (2, Kind.PART), (1, Kind.US), (2, Kind.US)]
    steps += [(1, Kind.SAFE_NOT_YET), (2, Kind.SAFE_YES), (2, Kind.AGAIN_HURT)]
    state = after(steps)
    assert (state.stage, state.small) == (Stage.SETTLING, False)


def test_a_hidden_part_of_a_small_repair_is_never_opened_by_settling() -> None:
    steps: Steps = [(1, Kind.SMALL), (2, Kind.IN_PERSON), (1, Kind.IN_PERSON)]
    steps += [(1, Kind.US), (2, Kind.US), (1, Kind.SAFE_NOT_YET), (2, Kind.SAFE_YES)]
    steps += [(1, Kind.AGAIN_HURT), (1, Kind.SETTLED), (2, Kind.SETTLED)]
    assert not after(steps).reads(2, Act(1, 1, Kind.SMALL))


def test_a_part_sent_alone_is_read_and_asks_for_nothing() -> None:
    state = after([(1, Kind.SEND)])
    assert state.reads(2, Act(1, 1, Kind.SEND))
    assert not may(state, 2)
    assert may(state, 1) == {Kind.UNSAY}


def test_a_new_round_names_the_act_that_began_it() -> None:
    steps = [*TO_SAFE, (1, Kind.SAFE_NOT_YET), (2, Kind.SAFE_YES), (1, Kind.AGAIN_PART)]
    assert after(steps).anew == {Stage.PART: len(steps)}


def test_one_invitation_a_day() -> None:
    asked: Steps = [(1, Kind.INVITE)]
    assert Kind.ASK_AGAIN not in may(after(asked), 1)
    with pytest.raises(Refused):
        after([*asked, (1, Kind.ASK_AGAIN)])
    state = after([*asked, (1, Kind.ASK_AGAIN)], day=1)
    assert Kind.ASK_AGAIN not in may(state, 1)


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
