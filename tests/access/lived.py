"""A couple of whom one did more than the other, in everything; the days and words are the same."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from couples.clock import database_now
from couples.days import DAY, week_of
from couples.models import Agreement, Partner
from repairs.flow import Kind
from repairs.models import Repair
from rituals.ask_flow import Kind as AskKind
from rituals.models import Appreciation, Ask, GoodDay, Mark, ReminderTime, RestRange, RitualSchedule
from rituals.models.ask import Question
from tests.factories import (
    answer_week,
    begin_meeting,
    came_first,
    decide,
    greeting_of,
    name_third,
    raise_topic,
    settle,
    write_manual,
)

MUCH, LITTLE = 5, 2

Turn = tuple[Partner, Partner, datetime]


def live(more: Partner, less: Partner) -> None:
    """Let `more` do everything MUCH times and `less` LITTLE times, some weeks ago."""
    now = database_now() - 8 * DAY
    long_ago = now - 60 * DAY
    more.couple.partners.update(joined_at=long_ago)
    RitualSchedule.objects.filter(couple=more.couple).update(valid_from=more.couple.today(long_ago))
    turns: list[Turn] = [
        *((more, less, now - n * DAY) for n in range(MUCH)),
        *((less, more, now - n * DAY) for n in range(MUCH, MUCH + LITTLE)),
    ]
    for step in (_greet_alone, _ask, _bring_up, _say, _agree, _rest, _answer, _come_first, _mend):
        for by, other, then in turns:
            step(by, other, then)
    next_week = begin_meeting(by=more).items.get(kind="next_week")
    for by, _other, _then in turns:
        decide(next_week, by=by)
    for both in (more, less):
        answer_week(by=both, shared=True, weeks_ago=1)
        write_manual(by=both, text="I go quiet.", sharing="partner")
        ReminderTime.keep(ritual=greeting_of(both), by=both, at=time(18, 30))


def _greet_alone(by: Partner, _other: Partner, then: datetime) -> None:
    day = by.couple.today(then)
    Mark.make(by=by, ritual=greeting_of(by), day=day, client_key=uuid.uuid4(), now=then)


def _ask(by: Partner, other: Partner, then: datetime) -> None:
    ask = Ask.put(Question("A sofa"), by=by, client_key=uuid.uuid4(), now=then)
    ask.act(AskKind.FINE, by=other, client_key=uuid.uuid4(), answers=1, now=then)


def _bring_up(by: Partner, other: Partner, then: datetime) -> None:
    topic = raise_topic(by=by, words="The bins", now=then)
    for each in (by, other):
        settle(topic, by=each)


def _say(by: Partner, _other: Partner, then: datetime) -> None:
    Appreciation.say("The kettle.", by=by, client_key=uuid.uuid4(), now=then)


def _agree(by: Partner, other: Partner, then: datetime) -> None:
    words = "We say hi first."
    made = Agreement.propose(by=by, area="repair", wording=words, client_key=uuid.uuid4(), now=then)
    made.sign(by=other, now=then)


def _rest(by: Partner, _other: Partner, then: datetime) -> None:
    rested = by.couple.today(then) - 30 * DAY
    RestRange.enter(by=by, first=rested, last=rested, now=then - 30 * DAY)


def _answer(by: Partner, _other: Partner, then: datetime) -> None:
    week = week_of(then.date()) - 7 * DAY * (then.toordinal() % 40)
    GoodDay.answer(by=by, week=week, outcome="shared", words="The walk.", now=then)


def _come_first(by: Partner, _other: Partner, then: datetime) -> None:
    """Once in each of some weeks, so that the third crowds in by the word of one."""
    third = by.couple.thirds.first() or name_third(by=by, now=then - 60 * DAY)
    for weeks in range(1, 5):
        day = by.couple.today(then) - 7 * weeks * DAY
        said = by.couple.third_moments.filter(third=third, partner=by, day=day)
        if not said.exists():
            came_first(third, by=by, day=day)


def _mend(by: Partner, other: Partner, then: datetime) -> None:
    repair = Repair.draft(by=by, door="i_was_hurt", happened="You left.", how_much=3)
    repair.invite(by=by, client_key=uuid.uuid4(), now=then)
    steps = [
        *((other, Kind.NOW), (by, Kind.SETTLED), (other, Kind.SETTLED)),
        *((each, Kind.IN_PERSON) for _stage in range(3) for each in (by, other)),
        *((by, Kind.SAFE_YES), (other, Kind.SAFE_YES)),
    ]
    for number, (who, kind) in enumerate(steps):
        at = then + timedelta(minutes=number)
        repair.act(by=who, kind=kind, client_key=uuid.uuid4(), now=at)
