"""Coming back after a silence: what the other sees brings somebody back, and nothing else does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from couples.clock import database_now
from couples.days import DAY
from couples.models import Partner
from repairs.terms import Kind
from rituals.days.models.design import choose_weekdays
from rituals.models import Appreciation, Approach, GoodDay, Matter, MeetingWord, Topic, add_ritual
from tests.conftest import ClientOf
from tests.factories import (
    act,
    agree,
    fresh,
    greeting_of,
    mark,
    propose,
    put_ask,
    raise_topic,
    rest,
    share_repair,
    write_manual,
)
from tests.rituals.test_silence import OF_ONE, silent_for, today_of


def last_act_of(partner: Partner) -> date | None:
    return Partner.objects.get(pk=partner.pk).active_on


def good_day(by: Partner, outcome: str) -> None:
    """Answer a question of this week, whoever was asked."""
    week = today_of(by) - today_of(by).weekday() * DAY
    GoodDay.answer(by=by, week=week, outcome=outcome, words="We laughed.")


def both_mark(ben: Partner, day: date) -> None:
    """Close a circle with ben's mark; the other's lies in it already."""
    other = ben.other
    assert other is not None
    mark(by=fresh(other), day=day)
    mark(by=ben, day=day)


def mark_and_take_back(ben: Partner, day: date) -> None:
    """Mark a day and take it back."""
    mark(by=ben, day=day).take_back(by=ben)


SEEN_BY_THE_OTHER: dict[str, Callable[[Partner], object]] = {
    "a mark": lambda ben: mark(by=ben),
    "the second mark of a day just past": lambda ben: both_mark(ben, today_of(ben) - 2 * DAY),
    "on my way": lambda ben: Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY),
    "a word at the goodbye": lambda ben: MeetingWord.say(by=ben, words="At seven."),
    "an ask": lambda ben: put_ask(by=ben),
    "a topic": lambda ben: raise_topic(by=ben),
    "an appreciation": lambda ben: Appreciation.say("Tea.", by=ben, client_key=uuid.uuid4()),
    "a repair": lambda ben: share_repair(by=ben),
    "a principle": lambda ben: propose(by=ben),
    "a ritual": lambda ben: add_ritual(by=ben, kind="own", name="Tea", weekdays=127),
    "other weekdays": lambda ben: choose_weekdays(
        greeting_of(ben), by=ben, weekdays=3, start=today_of(ben)
    ),
    "a rest": lambda ben: rest(by=ben),
    "a line on the list": lambda ben: Matter.add("Guests", by=ben),
    "a good day, shared": lambda ben: good_day(ben, "shared"),
}


@pytest.mark.parametrize("done", SEEN_BY_THE_OTHER)
def test_any_act_that_the_other_sees_brings_them_back(
    ana: Partner, ben: Partner, client_of: ClientOf, done: str
) -> None:
    since = database_now() - timedelta(days=90)
    greeting_of(ben).schedules.update(valid_from=since.date())
    silent_for(ben, 30)
    SEEN_BY_THE_OTHER[done](fresh(ben))
    assert last_act_of(ben) == today_of(ben)
    page = client_of(ana).get("/").content.decode()
    assert OF_ONE not in page
    assert "Ben" in page


FOR_ONESELF: dict[str, Callable[[Partner], object]] = {
    "half of a day just past": lambda ben: mark(by=ben, day=today_of(ben) - 2 * DAY),
    "half of a day just past, taken back": lambda ben: mark_and_take_back(
        ben, today_of(ben) - 2 * DAY
    ),
    "a draft": lambda ben: Topic.draft(by=ben, about="request", words="The bins"),
    "a private entry": lambda ben: write_manual(by=ben, text="I go quiet."),
    "a shared entry": lambda ben: write_manual(by=ben, text="I go quiet.", sharing="partner"),
    "a good day, kept": lambda ben: good_day(ben, "kept"),
    "a good day, passed over": lambda ben: good_day(ben, "passed"),
    "another clock": lambda ben: ben.keep_clock("Europe/Lisbon", now=database_now()),
}


@pytest.mark.parametrize("done", FOR_ONESELF)
def test_what_somebody_does_for_themselves_tells_nobody(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    done: str,
) -> None:
    since = database_now() - timedelta(days=90)
    greeting_of(ben).schedules.update(valid_from=since.date())
    silent_for(ben, 30)
    before = last_act_of(ben)
    with django_capture_on_commit_callbacks() as told:
        FOR_ONESELF[done](fresh(ben))
    assert not told
    assert last_act_of(ben) == before
    assert OF_ONE in client_of(ana).get("/").content.decode()


def test_a_withdrawal_names_nobody_here_either(ana: Partner, ben: Partner) -> None:
    version = agree(ana, ben)
    silent_for(ben, 30)
    before = last_act_of(ben)
    version.withdraw(by=fresh(ben))
    assert last_act_of(ben) == before


def test_an_act_in_a_repair_counts(ana: Partner, ben: Partner) -> None:
    repair = share_repair(by=ana)
    silent_for(ben, 30)
    act(repair, by=fresh(ben), kind=Kind.NOW)
    assert last_act_of(ben) == today_of(ben)


def test_an_older_act_that_arrives_late_takes_nothing_back(ben: Partner) -> None:
    mark(by=ben)
    ben.acted_on(today_of(ben) - 5 * DAY)
    assert last_act_of(ben) == today_of(ben)
