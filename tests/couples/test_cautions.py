"""The word list of the cautions: what it is meant to catch, and what it lets pass."""

from __future__ import annotations

import pytest

from couples.cautions import cautions
from couples.shelf import SHELF


@pytest.mark.parametrize(
    ("wording", "topic"),
    [
        ("We share our location all day.", "whereabouts"),
        ("We always say where we are.", "whereabouts"),
        ("We use a tracker.", "whereabouts"),
        ("We know each other's passwords.", "passwords"),
        ("We may read each other's messages.", "passwords"),
        ("We unlock our phones when asked.", "passwords"),
        ("We do not see friends alone.", "contacts"),
        ("We block our exes.", "contacts"),
        ("We have sex every week.", "sex"),
        ("We never say no to intimacy.", "sex"),
    ],
)
def test_a_wording_that_touches_what_is_ones_own_draws_a_caution(wording: str, topic: str) -> None:
    assert topic in [each.topic for each in cautions(wording)]


@pytest.mark.parametrize(
    "wording",
    [
        *("We say hi before anything else.", "We eat without our phones.", "We are on time."),
        *("We keep one evening a week.", "We spin no tales.", "We text when we are late."),
    ],
)
def test_most_wordings_draw_none(wording: str) -> None:
    assert cautions(wording) == []


def test_nothing_on_the_shelf_draws_one() -> None:
    assert [each.key for each in SHELF if cautions(str(each.wording))] == []
