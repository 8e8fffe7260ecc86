"""Asks and topics on two phones in the same instant: one order, and nothing lost."""

from __future__ import annotations

import pytest

from couples.models import Partner
from rituals.asks.flow import Kind, Stage
from rituals.models import Ask, AskAct, AskRefused, Topic
from rituals.topics.flow import Stage as TopicStage
from rituals.topics.models.topic import TopicRefused
from tests.at_once import at_once, refused
from tests.factories import fresh, make_couple, make_person, put_ask, raise_topic, say, settle

pytestmark = pytest.mark.django_db(transaction=True)

Two = tuple[Partner, Partner]


@pytest.fixture
def two() -> Two:
    return make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))


@pytest.mark.parametrize("_again", range(3))
def test_an_answer_and_an_ending_get_one_order(two: Two, _again: int) -> None:
    ana, ben = two
    ask = put_ask(by=ana)
    results = at_once(
        lambda: say(Ask.objects.get(pk=ask.pk), by=fresh(ana), kind=Kind.LET_GO),
        lambda: say(Ask.objects.get(pk=ask.pk), by=fresh(ben), kind=Kind.RATHER_NOT),
    )
    assert all(isinstance(each, AskRefused) for each in refused(results))
    ask.refresh_from_db()
    assert ask.stage == Stage.LET_GO
    assert AskAct.objects.count() == ask.latest == 3 - len(refused(results))


def test_two_phones_take_the_last_of_five_places_once(two: Two) -> None:
    ana = two[0]
    for _number in range(4):
        put_ask(by=ana)
    results = at_once(lambda: put_ask(by=fresh(ana)), lambda: raise_topic(by=fresh(ana)))
    (loser,) = refused(results)
    assert isinstance(loser, AskRefused | TopicRefused)


@pytest.mark.parametrize("_again", range(3))
def test_both_say_dealt_with_at_once_and_it_is(two: Two, _again: int) -> None:
    topic = raise_topic(by=two[0])
    results = at_once(
        *(lambda who=who: settle(Topic.objects.get(pk=topic.pk), by=fresh(who)) for who in two)
    )
    assert not refused(results)
    topic.refresh_from_db()
    assert topic.stage == TopicStage.DEALT_WITH
