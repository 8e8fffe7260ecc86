"""Both act in the same instant: a week opens once, and nothing is seen that was not shared."""

from __future__ import annotations

import pytest

from couples.models import Partner
from rituals.models import Measure, Pulse, PulseRefused
from tests.at_once import at_once, refused
from tests.factories import answer_week, fresh, make_couple, make_person
from tests.rituals.test_measures import take
from tests.sheets import offer

pytestmark = pytest.mark.django_db(transaction=True)

Two = tuple[Partner, Partner]


@pytest.fixture
def two() -> Two:
    return make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))


@pytest.mark.parametrize("_again", range(3))
def test_both_share_at_once_and_it_opens_once(two: Two, _again: int) -> None:
    hers, his = (answer_week(by=each) for each in two)
    results = at_once(
        lambda: hers.share(by=fresh(two[0]), revision=1),
        lambda: his.share(by=fresh(two[1]), revision=1),
    )
    assert sorted(map(str, results)) == ["False", "True"]
    assert all(each.is_open() for each in Pulse.objects.all())


@pytest.mark.parametrize("_again", range(3))
def test_one_takes_back_while_the_other_shares(two: Two, _again: int) -> None:
    """Either the week opens and the late tap is told so, or it stays shut and his share waits."""
    hers, his = answer_week(by=two[0], shared=True), answer_week(by=two[1])
    results = at_once(
        lambda: hers.take_back(by=fresh(two[0])),
        lambda: his.share(by=fresh(two[1]), revision=1),
    )
    opened = all(each.is_open() for each in Pulse.objects.all())
    told = refused(results)
    assert [type(each) for each in told] == ([PulseRefused] if opened else [])
    assert results[1] is opened


@pytest.mark.parametrize("_again", range(3))
def test_one_changes_an_answer_while_the_other_opens_the_week(two: Two, _again: int) -> None:
    """What opens is what its author shared, or has changed before it opened; never after."""
    answer_week(by=two[0], shared=True)
    his = answer_week(by=two[1])
    results = at_once(
        lambda: answer_week(by=fresh(two[0]), answers=(0, 0, 0)),
        lambda: his.share(by=fresh(two[1]), revision=1),
    )
    hers = Pulse.objects.get(partner=two[0])
    hers.partner = two[0]
    assert hers.values == ((5, 4, 6) if refused(results) else (0, 0, 0))


def test_two_phones_of_one_person_make_one_pulse(two: Two) -> None:
    results = at_once(*(lambda: answer_week(by=fresh(two[0])) for _phone in range(3)))
    assert not refused(results)
    assert Pulse.objects.count() == 1


def test_two_phones_of_one_person_make_one_measure(two: Two) -> None:
    wording = offer()
    results = at_once(*(lambda: take(wording, 1, 1, 1, 1, by=fresh(two[0])) for _phone in range(2)))
    assert len(refused(results)) == 1
    assert Measure.objects.count() == 1
