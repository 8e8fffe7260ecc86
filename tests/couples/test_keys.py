"""Keys: made on first need, also when two need the first one at once."""

from __future__ import annotations

from couples.models import Partner
from tests.factories import fresh, propose


def test_whoever_comes_second_with_a_first_word_goes_on_with_the_key_that_won(
    ana: Partner, ben: Partner
) -> None:
    """Two requests have both seen that there is no key yet; the later one writes twice."""
    earlier, later = fresh(ana), fresh(ben)
    propose(by=earlier, wording="We began at once.")
    words = [propose(by=later, wording=f"We wrote {each}.").pk for each in ("one", "two")]
    kept = [fresh(ana).couple.wordings.get(pk=each).wording for each in words]
    assert kept == ["We wrote one.", "We wrote two."]
