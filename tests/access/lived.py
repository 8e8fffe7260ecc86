"""Couples who have lived the same days with the same words; who of the two did what differs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

from couples.days import DAY, week_of
from couples.models import Agreement, Partner
from repairs.models import Repair
from repairs.terms import Kind
from rituals.asks.flow import Kind as AskKind
from rituals.asks.models.ask import Question
from rituals.models import (
    Appreciation,
    Ask,
    GoodDay,
    Mark,
    ReminderTime,
    RestRange,
    RitualSchedule,
    Topic,
)
from tests.factories import (
    answer_week,
    begin_meeting,
    came_first,
    days_before,
    decide,
    greeting_of,
    mark,
    name_third,
    raise_topic,
    settle,
    write_manual,
)

TURNS = 7

Turn = tuple[Partner, Partner, datetime]
Ids = dict[str, list[UUID]]


def live(one: Partner, other: Partner, *, ones: int, of: int = TURNS) -> Ids:
    """Let the two take `of` turns at everything, the first `ones` of them by `one`.

    Return the ids of what there is to open: first one's own, then the other's.
    """
    now = days_before(one, 8)
    long_ago = now - 60 * DAY
    one.couple.partners.update(joined_at=long_ago)
    RitualSchedule.objects.filter(couple=one.couple).update(valid_from=one.couple.today(long_ago))
    turns: list[Turn] = [
        (one, other, now - n * DAY) if n < ones else (other, one, now - n * DAY) for n in range(of)
    ]
    made = {name: [step(*turn) for turn in turns] for name, step in STEPS.items()}
    next_week = begin_meeting(by=one).items.get(kind="next_week")
    for by, _other, _then in turns:
        decide(next_week, by=by)
    for both in (one, other):
        answer_week(by=both, shared=True, weeks_ago=1)
        ReminderTime.keep(ritual=greeting_of(both), by=both, at=time(18, 30))
    ids = {
        name: [first, last]
        for name, (first, *_more, last) in made.items()
        if first is not None and last is not None
    }
    own = [_keep_for_oneself(each) for each in (one, other)]
    return ids | {name: [each[name] for each in own] for name in own[0]}


def _keep_for_oneself(me: Partner) -> dict[str, UUID]:
    """What has a page for its author alone."""
    return {
        "entry_id": write_manual(by=me, text="I go quiet.", sharing="partner").pk,
        "mark_id": mark(by=me).pk,
        "topic_draft:topic_id": Topic.draft(by=me, about="plan", words="Spring").pk,
        "repair_draft:repair_id": Repair.draft(
            by=me, door="i_was_hurt", happened="You left.", how_much=3
        ).pk,
    }


def _greet_alone(by: Partner, _other: Partner, then: datetime) -> UUID:
    day = by.couple.today(then)
    Mark.make(by=by, ritual=greeting_of(by), day=day, client_key=uuid.uuid4(), now=then)
    return greeting_of(by).pk


def _ask(by: Partner, other: Partner, then: datetime) -> UUID:
    ask = Ask.put(Question("A sofa"), by=by, client_key=uuid.uuid4(), now=then)
    ask.act(AskKind.FINE, by=other, client_key=uuid.uuid4(), answers=1, now=then)
    return ask.pk


def _bring_up(by: Partner, other: Partner, then: datetime) -> UUID:
    topic = raise_topic(by=by, words="The bins", now=then)
    for each in (by, other):
        settle(topic, by=each)
    return topic.pk


def _say(by: Partner, _other: Partner, then: datetime) -> None:
    Appreciation.say("The kettle.", by=by, client_key=uuid.uuid4(), now=then)


def _agree(by: Partner, other: Partner, then: datetime) -> UUID:
    words = "We say hi first."
    made = Agreement.propose(by=by, area="repair", wording=words, client_key=uuid.uuid4(), now=then)
    made.sign(by=other, now=then)
    return made.agreement_id


def _rest(by: Partner, _other: Partner, then: datetime) -> None:
    rested = by.couple.today(then) - 30 * DAY
    RestRange.enter(by=by, first=rested, last=rested, now=then - 30 * DAY)


def _answer(by: Partner, _other: Partner, then: datetime) -> None:
    # Two weeks apart from one day to the next: one apart, a Sunday and its Monday fell into one.
    week = week_of(then.date()) - 14 * DAY * (then.toordinal() % 40)
    GoodDay.answer(by=by, week=week, outcome="shared", words="The walk.", now=then)


def _come_first(by: Partner, _other: Partner, then: datetime) -> UUID:
    """Once in each of some weeks, so that the third crowds in by the word of one."""
    third = by.couple.thirds.first() or name_third(by=by, now=then - 60 * DAY)
    for weeks in range(1, 5):
        day = by.couple.today(then) - 7 * weeks * DAY
        said = by.couple.third_moments.filter(third=third, partner=by, day=day)
        if not said.exists():
            came_first(third, by=by, day=day)
    return third.pk


def _mend(by: Partner, other: Partner, then: datetime) -> UUID:
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
    return repair.pk


STEPS: dict[str, Callable[[Partner, Partner, datetime], UUID | None]] = {
    "ritual_id": _greet_alone,
    "ask_id": _ask,
    "topic_id": _bring_up,
    "appreciation": _say,
    "agreement_id": _agree,
    "rest": _rest,
    "good_day": _answer,
    "third_id": _come_first,
    "repair_id": _mend,
}
"""What is done at each turn, by the name under which an address takes its id."""
