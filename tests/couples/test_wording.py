"""What makes a sentence a principle."""

from __future__ import annotations

import pytest

from couples.models import Area
from couples.principles.shelf import SHELF
from couples.principles.wording import NotAPrinciple, principle


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("we say hi first", "We say hi first."),
        ("  We   say\nhi first! ", "We say hi first!"),
        ("We’ll call Dr. Lin together.", "We’ll call Dr. Lin together."),
        ("We rest, e.g. on Sundays.", "We rest, e.g. on Sundays."),
        ("We say “hi”.", "We say “hi”."),
        ("We wait… and then we talk.", "We wait… and then we talk."),
    ],
)
def test_a_sentence_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert principle(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "   ", "You call.", "Weekends are ours.", "We rest. You too.", "We " + "a" * 200]
)
def test_what_is_none_is_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(NotAPrinciple) as refusal:
        principle(typed)
    assert str(refusal.value)


def test_the_shelf_holds_principles_for_every_area() -> None:
    assert len(SHELF) >= 15
    assert {each.area for each in SHELF} == set(Area)
    assert len({each.key for each in SHELF}) == len(SHELF)
    for each in SHELF:
        assert principle(str(each.wording)) == str(each.wording)
