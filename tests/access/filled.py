"""A couple with so much of everything that there can be more than one of."""

from __future__ import annotations

import uuid
from datetime import datetime

from couples.clock import database_now
from couples.days import DAY
from couples.manual.models import Question as Entry
from couples.models import Agreement, Partner, Third
from rituals.asks.flow import Kind as AskKind
from rituals.asks.models.ask import Question
from rituals.meetings.flow import Kind as MeetingKind
from rituals.models import (
    Appreciation,
    Ask,
    Decision,
    Matter,
    Measure,
    Meeting,
    Outcome,
    ScaleWording,
    Topic,
    add_ritual,
)
from rituals.topics.flow import Kind as TopicKind
from tests.access.lived import Ids, live
from tests.factories import name_third, write_manual
from tests.therapists.factories import link_with_consent, make_therapist
from therapists.models import Reading
from therapists.models.reading import What

OPEN = 2
"""Open asks and topics of each at the most: five is what one may lay before the other."""

BOUND = 9
"""Thirds, rituals and the like, of which there can be twelve."""


def fill(one: Partner, other: Partner, *, much: int, sheets: list[ScaleWording]) -> Ids:
    """Give the two `much` of everything, each; return the ids of what there is to open."""
    now = database_now()
    for back in range(much, 0, -1):
        _meet(one, other, then=now - (10 + back) * DAY)
    ids = live(one, other, ones=much, of=2 * much)
    third = Third.objects.get(pk=ids["third_id"][0])
    for each in (one, other):
        for number in range(min(much, OPEN)):
            Topic.put(by=each, about="concern", words="x", third=third, client_key=uuid.uuid4())
            question = Question(f"{number}", on=one.couple.today(now) + DAY, about=third)
            Ask.put(question, by=each, client_key=uuid.uuid4())
        for number in range(much):
            Topic.draft(by=each, about="plan", words="x")
            Appreciation.say("x", by=each, client_key=uuid.uuid4(), now=now)
            if number < len(Entry) - 1:
                write_manual(by=each, text="x", question=list(Entry)[1 + number])
    _keep_lists(one, much=much)
    _say_much(one, other, ids, much=much)
    for sheet in sheets:
        for back in range(much, 0, -1):
            answers = [3] * len(sheet.definition.ranges)
            then = now - 30 * back * DAY
            Measure.take(sheet, answers, by=one, client_key=uuid.uuid4(), now=then)
    _be_read(one, other, much=much, now=now)
    return ids


def _meet(one: Partner, other: Partner, *, then: datetime) -> None:
    """Sit down together: two decisions, of which something came."""
    meeting = Meeting.begin(by=one, client_key=uuid.uuid4(), now=then)
    item = meeting.items.get(kind="next_week")
    for each in (one, other):
        key = uuid.uuid4()
        Decision.keep("x", item=item, by=each, client_key=key, now=then)
        decision = Decision.objects.get(client_key=key)
        ask = Ask.put(Question("x"), by=each, client_key=uuid.uuid4(), now=then)
        ask.act(AskKind.LET_GO, by=each, client_key=uuid.uuid4(), now=then)
        topic = Topic.put(by=each, about="plan", words="x", third=None, client_key=uuid.uuid4())
        topic.act(TopicKind.LET_GO, by=each, client_key=uuid.uuid4(), now=then)
        for kind, made in (("ask", ask), ("topic", topic)):
            Outcome.note(decision, kind, made.pk, by=each, now=then)
    meeting.move(MeetingKind.END, by=one, now=then)


def _keep_lists(one: Partner, *, much: int) -> None:
    for number in range(min(much, BOUND)):
        Matter.add(f"x {number}", by=one)
        add_ritual(by=one, kind="own", name="x", weekdays=1 << number % 7)
        name_third(by=one, sort="other", label=f"x {number}")
        name_third(by=one, sort="other", label=f"gone {number}").let_go(by=one)


def _say_much(one: Partner, other: Partner, ids: Ids, *, much: int) -> None:
    """Go back and forth about the first ask, the first topic and the first principle."""
    wanted = Question("x")
    ask = Ask.put(wanted, by=one, client_key=uuid.uuid4())
    latest = 1
    for _round in range(much):
        for by, kind in ((other, AskKind.FINE_IF), (one, AskKind.COUNTER)):
            key = uuid.uuid4()
            ask.act(kind, by=by, client_key=key, answers=latest, words="x")
            latest += 1
    ids["ask_id"] = [ask.pk]
    principle = Agreement.objects.get(pk=ids["agreement_id"][0])
    for number in range(much):
        words = f"We say hi first, {'x' * number}."
        version = principle.reword(by=one, wording=words, client_key=uuid.uuid4())
        version.sign(by=other)


def _be_read(one: Partner, other: Partner, *, much: int, now: datetime) -> None:
    lin = make_therapist(name=f"Dr. {'x' * much}")
    link_with_consent(lin, one, other)
    for back in range(much):
        then = now - back * DAY
        Reading.note(by=lin, couples=[one.couple], what=What.CASELOAD, now=then)
