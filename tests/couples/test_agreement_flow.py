"""The pure flow of an agreement: names under wordings, and the terms they make."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couples.principles.flow import Paper, Refused, Span, in_force, propose, sign, terms, withdraw

TODAY = date(2028, 2, 29)
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=90)
BEGIN = datetime(2028, 1, 1, tzinfo=UTC)


def agreed() -> Paper:
    return sign(propose({}, 1, until=LATER), 2, 1, until=LATER, today=TODAY)


def test_one_name_is_not_enough() -> None:
    paper = propose({}, 1, until=LATER)
    assert in_force(paper, TODAY) is None
    assert in_force(sign(paper, 1, 1, until=LATER, today=TODAY), TODAY) is None


def test_both_names_put_it_in_force_until_the_first_lapses() -> None:
    paper = sign(propose({}, 1, until=LATER), 2, 1, until=SOON, today=TODAY)
    assert in_force(paper, SOON - timedelta(days=1)) == 1
    assert in_force(paper, SOON) is None


def test_a_newer_proposal_takes_the_place_of_an_older_one() -> None:
    paper = propose(propose({}, 1, until=LATER), 2, until=LATER)
    with pytest.raises(Refused):
        sign(paper, 2, 1, until=LATER, today=TODAY)


def test_a_proposal_that_is_withdrawn_leaves_what_is_in_force() -> None:
    paper = withdraw(propose(agreed(), 2, until=LATER), 2)
    assert in_force(paper, TODAY) == 1


def test_what_was_withdrawn_can_be_signed_again_by_both() -> None:
    paper = sign(withdraw(agreed(), 1), 1, 1, until=LATER, today=TODAY)
    assert in_force(paper, TODAY) is None
    assert in_force(sign(paper, 2, 1, until=LATER, today=TODAY), TODAY) == 1


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1)])
def test_a_name_that_lapses_at_once_is_none(until: date) -> None:
    with pytest.raises(Refused):
        sign(propose({}, 1, until=LATER), 2, 1, until=until, today=TODAY)


@pytest.mark.parametrize("number", [0, 2])
def test_a_wording_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(Refused):
        sign(propose({}, 1, until=LATER), 2, number, until=LATER, today=TODAY)


def test_the_other_offers_what_goes_beyond_mine() -> None:
    paper = propose({}, 1, until=SOON)
    assert paper[1].offered(2, TODAY) == SOON
    assert paper[1].offered(1, TODAY) is None
    assert agreed()[1].offered(2, TODAY) is None
    renewed = sign(agreed(), 1, 1, until=LATER + timedelta(days=9), today=TODAY)
    assert renewed[1].offered(2, TODAY) == LATER + timedelta(days=9)
    assert renewed[1].offered(1, TODAY) is None


HOURS = st.tuples(st.integers(0, 60), st.integers(0, 60))


@given(st.lists(HOURS, max_size=6), st.lists(HOURS, max_size=6))
def test_a_term_is_when_both_stood(
    mine: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> None:
    def spans(hours: list[tuple[int, int]]) -> list[Span]:
        return [(BEGIN + timedelta(hours=a), BEGIN + timedelta(hours=b)) for a, b in hours]

    found = terms(spans(mine), spans(theirs))
    for hour in range(61):
        at = BEGIN + timedelta(hours=hour)
        stood = [any(a <= at < b for a, b in spans(each)) for each in (mine, theirs)]
        assert any(first <= at < last for first, last in found) == all(stood)
    assert all(a[1] < b[0] for a, b in pairwise(found))
