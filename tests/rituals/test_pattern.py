"""Whether practice and feeling went together: said by a rule, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.felt.pattern import ENOUGH, Direction, Pattern, pattern, spearman

VALUES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 6)), max_size=30)


def test_under_six_weeks_nothing_is_said() -> None:
    assert ENOUGH == 6
    assert pattern([(number, number) for number in range(5)]) is None
    assert pattern([]) is None


def test_more_connected_and_safer_go_together() -> None:
    assert pattern([(n, n) for n in range(6)]) == Pattern(6, Direction.SAFER)


def test_more_connected_and_less_safe_go_together() -> None:
    assert pattern([(n, 6 - n) for n in range(6)]) == Pattern(6, Direction.LESS_SAFE)


@pytest.mark.parametrize(
    "pairs",
    [
        [(3, n) for n in range(6)],  # the days never change
        [(n, 4) for n in range(6)],  # the feeling never changes
        [(3, 4)] * 12,
        [(0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4), (6, 0), (7, 3)],
        [(0, 0), (1, 1), (2, 2), (3, 0), (4, 4), (5, 3)],  # seems so, and chance brings it too
    ],
)
def test_no_clear_pattern_is_said_to_be_none(pairs: list[tuple[float, float]]) -> None:
    assert pattern(pairs) == Pattern(len(pairs), Direction.UNCLEAR)


def test_more_weeks_need_less_of_a_pattern() -> None:
    loose = [(0, 1), (1, 0), (2, 3), (3, 1), (4, 4), (5, 3), (6, 4)]
    assert pattern(loose[:6]) == Pattern(6, Direction.UNCLEAR)
    assert pattern(loose * 3) == Pattern(21, Direction.SAFER)


def test_the_coefficient_is_the_published_one() -> None:
    # Worked by hand from 1 - 6 * sum(d squared) / (n * (n squared - 1)), which holds without ties.
    assert spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]) == pytest.approx(1 - 6 * 6 / 210)


@given(VALUES)
def test_the_coefficient_lies_between_its_ends(pairs: list[tuple[int, int]]) -> None:
    found = spearman([a for a, _b in pairs], [b for _a, b in pairs])
    assert found is None or -1 - 1e-9 <= found <= 1 + 1e-9


@given(VALUES, st.randoms())
def test_the_order_of_the_weeks_changes_nothing(
    pairs: list[tuple[int, int]], chance: object
) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert pattern(shuffled) == pattern(pairs)


@given(VALUES)
def test_turned_round_the_pattern_turns(pairs: list[tuple[int, int]]) -> None:
    turns = {Direction.SAFER: Direction.LESS_SAFE, Direction.LESS_SAFE: Direction.SAFER}
    found, turned = pattern(pairs), pattern([(days, -felt) for days, felt in pairs])
    if found is None or turned is None:
        assert found is turned
    else:
        assert turned.direction == turns.get(found.direction, Direction.UNCLEAR)


@pytest.mark.parametrize("direction", Direction)
def test_every_sentence_has_its_weeks_and_proves_nothing(direction: Direction) -> None:
    sentence = Pattern(8, direction).sentence
    assert "8 weeks" in sentence
    assert "this does not prove that one causes the other" in sentence
    assert sentence.count(".") == 1
