"""Both do something about a third in the same instant: one order, nothing half done."""

from __future__ import annotations

import pytest

from couples.clock import database_now
from couples.models import Partner, Third, ThirdMoment, ThirdRefused
from tests.at_once import at_once, refused
from tests.factories import fresh, name_third

pytestmark = pytest.mark.django_db(transaction=True)

TRIES = range(3)
"""Which of the two comes first is left to chance, so some are tried again."""


def seen_by(partner: Partner, third: Third) -> tuple[Partner, Third]:
    """Return both as the request of that partner finds them."""
    mine = fresh(partner)
    found = Third.objects.get(pk=third.pk)
    found.couple = mine.couple
    return mine, found


def say(partner: Partner, third: Third, came: str) -> None:
    mine, found = seen_by(partner, third)
    now = database_now()
    ThirdMoment.say(found, by=mine, came=came, was="", day=mine.couple.today(now), now=now)


@pytest.mark.parametrize("again", TRIES)
def test_one_agrees_while_the_other_takes_it_back(ana: Partner, ben: Partner, again: int) -> None:
    third = name_third(by=ana, label="Toni", person=True)
    hers, his = seen_by(ana, third), seen_by(ben, third)
    results = at_once(lambda: his[1].agree(by=his[0]), lambda: hers[1].let_go(by=hers[0]))
    assert {type(each) for each in refused(results)} <= {ThirdRefused}
    third.refresh_from_db()
    assert (third.stage, third.named_by, third.agreed_by) == ("let_go", None, None)


def test_both_let_it_go(ana: Partner, ben: Partner) -> None:
    third = name_third(by=ana)
    hers, his = seen_by(ana, third), seen_by(ben, third)
    results = at_once(lambda: his[1].let_go(by=his[0]), lambda: hers[1].let_go(by=hers[0]))
    assert not refused(results)
    third.refresh_from_db()
    assert third.stage == "let_go"


def test_both_name_the_same_and_it_stands_once(ana: Partner, ben: Partner) -> None:
    partners = [fresh(ana), fresh(ben)]
    results = at_once(*(lambda by=by: name_third(by=by, label="The choir") for by in partners))
    assert [type(each) for each in refused(results)] == [ThirdRefused]
    assert Third.objects.count() == 1


def test_both_say_what_came_first_and_both_words_are_kept(ana: Partner, ben: Partner) -> None:
    third = name_third(by=ana)
    results = at_once(lambda: say(ana, third, "we"), lambda: say(ben, third, "this"))
    assert not refused(results)
    assert set(ThirdMoment.objects.values_list("came", flat=True)) == {"we", "this"}


@pytest.mark.parametrize("again", TRIES)
def test_two_phones_of_one_person_leave_one_word(ana: Partner, ben: Partner, again: int) -> None:
    third = name_third(by=ben)
    results = at_once(lambda: say(ana, third, "we"), lambda: say(ana, third, "this"))
    assert [type(each) for each in refused(results)] == [ThirdRefused]
    assert ThirdMoment.objects.count() == 1


@pytest.mark.parametrize("again", TRIES)
def test_a_word_while_the_other_lets_go_leaves_nothing(
    ana: Partner, ben: Partner, again: int
) -> None:
    third = name_third(by=ana)
    his = seen_by(ben, third)
    results = at_once(lambda: say(ana, third, "we"), lambda: his[1].let_go(by=his[0]))
    assert {type(each) for each in refused(results)} <= {ThirdRefused}
    assert not ThirdMoment.objects.exists()
    third.refresh_from_db()
    assert third.stage == "let_go"
