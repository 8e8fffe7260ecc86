"""The drawn page of the flow is the flow, and no reachable state is one that nobody can leave."""

from __future__ import annotations

from collections import defaultdict

import pytest

from repairs import flow
from repairs.flow import ANYWHERE, TABLE
from repairs.terms import OPEN, SIDES, Kind, Stage
from tests.repairs.drawing import FILE, Way, document, key, ways
from tests.repairs.drawing_words import ANYWHERE_WORDS, COMMAND, KIND_WORDS, STAGE_WORDS, WHO


@pytest.fixture(scope="module")
def every_way() -> list[Way]:
    return ways()


def test_the_drawn_page_is_the_table_of_now() -> None:
    assert FILE.read_text(encoding="utf-8") == document(), f"Run `{COMMAND}` and keep the file."


def test_everything_in_the_table_has_words() -> None:
    assert set(STAGE_WORDS) == set(Stage)
    assert set(KIND_WORDS) == set(Kind)
    rows = (*TABLE.values(), ANYWHERE)
    assert {fits.__name__ for row in rows for fits in row.values()} == set(WHO)
    assert set(ANYWHERE_WORDS) == set(ANYWHERE)


def test_every_stage_and_every_line_of_the_table_can_be_reached(every_way: list[Way]) -> None:
    done = {(way.before.stage, way.act.kind) for way in every_way}
    assert {(stage, kind) for stage, row in TABLE.items() for kind in row} <= done
    begun = {Stage.INVITED, Stage.PART, Stage.SENT}
    assert {way.after.stage for way in every_way} | begun == set(Stage)


def test_in_every_reachable_state_somebody_has_a_next_step(every_way: list[Way]) -> None:
    """Waiting for the other, resting and putting off are not next steps; coming back is one.

    On the way back the next step is asked for a day later, and can be taken at once.
    """
    for way in every_way:
        if way.after.stage in OPEN:
            state = flow.on(way.after, flow.asks_on(way.after) or way.after.today)
            assert any(flow.awaits(state, side) or side in state.resting for side in SIDES), way


def test_in_every_reachable_state_both_have_a_way_out(every_way: list[Way]) -> None:
    for way in every_way:
        if way.after.stage in OPEN:
            for side in SIDES:
                out = Kind.BACK if side in way.after.resting else Kind.REST
                assert out in flow.may(way.after, side), way


def test_from_every_reachable_state_the_two_can_still_mend(every_way: list[Way]) -> None:
    """However they came there, with whatever answers, a way leads back to each other."""
    comes_from = defaultdict(set)
    for way in every_way:
        comes_from[key(way.after)].add(key(way.before))
    ends = {Stage.MENDED, Stage.HELD, Stage.SENT}
    waiting = {key(way.after) for way in every_way if way.after.stage in ends}
    can_mend = set(waiting)
    while waiting:
        waiting = {each for state in waiting for each in comes_from[state]} - can_mend
        can_mend |= waiting
    assert {key(way.before) for way in every_way} <= can_mend


def test_what_is_held_or_sent_moves_no_more(every_way: list[Way]) -> None:
    for way in every_way:
        if way.before.stage in {Stage.HELD, Stage.SENT}:
            assert way.after.stage is way.before.stage
