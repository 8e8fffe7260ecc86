"""Couples with a past: two rituals a day, and three asks and five topics a week."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from rich.progress import track

from couples.clock import database_now
from couples.days import DAY, week_of
from couples.models import Agreement, Couple, Invitation, Partner, Person, Third, ThirdMoment
from rituals.asks.flow import Kind as AskKind
from rituals.asks.models.ask import Question
from rituals.models import (
    Appreciation,
    Ask,
    Decision,
    GoodDay,
    Mark,
    Meeting,
    Pulse,
    RitualSchedule,
    Topic,
)
from rituals.topics.flow import Kind as TopicKind

ASK_DAYS, TOPIC_DAYS = {0, 2, 4}, {0, 1, 2, 3, 4}  # weekdays
ZONE = "Europe/Berlin"
RETHOUGHT = 90
"""Days after which the two put their principle into other words, as it would lapse then."""


def couple(name: str, *, days: int) -> tuple[Partner, Partner]:
    """Return a couple who have lived like this for `days` days up to yesterday."""
    now = database_now()
    one, other = _pair(name, began=now - days * DAY)
    rituals = list(one.couple.rituals.with_weekdays())
    third = Third.put(
        by=one,
        sort="work",
        label="",
        is_person=False,
        client_key=uuid.uuid4(),
        now=now - days * DAY,
    )
    for back in track(range(days, 0, -1), description=f"{name}: {days} days"):
        then = now - back * DAY
        for ritual in rituals:
            for partner in (one, other):
                _mark(partner, ritual, then)
        day, came = one.couple.today(then), "this" if back % 3 else "we"
        ThirdMoment.say(third, by=one, came=came, was="", day=day, now=then)
        _talk(one, other, then, third=third, open_ended=back <= 2)
    _agree(one, other, days=days, now=now)
    return one, other


def _agree(one: Partner, other: Partner, *, days: int, now: datetime) -> None:
    """One principle, in words that both thought over again every RETHOUGHT days."""
    key, began = uuid.uuid4(), now - days * DAY
    words = "We say hi before anything else."
    first = Agreement.propose(by=one, area="first", wording=words, client_key=key, now=began)
    first.sign(by=other, now=began)
    for number, back in enumerate(range(days - RETHOUGHT, 0, -RETHOUGHT), start=2):
        then, key = now - back * DAY, uuid.uuid4()
        words = f"We say hi before anything else, in way number {number}."
        again = first.agreement.reword(by=one, wording=words, client_key=key, now=then)
        again.sign(by=other, now=then)


def _pair(name: str, *, began: datetime) -> tuple[Partner, Partner]:
    people = []
    for seat in ("one", "other"):
        email = f"{name}-{seat}@example.com"
        person = Person(email=email, name=seat, time_zone=ZONE, password=make_password(None))
        person.mailbox_asked_at = person.example_shown_at = began
        person.save()
        people.append(person)
    starter = Couple.start(by=people[0], day_zone=ZONE)
    joiner = Invitation.make(by=starter, now=began).accept(by=people[1], now=began)
    starter.couple.partners.update(joined_at=began)
    first = starter.couple.today(began)
    RitualSchedule.objects.filter(couple=starter.couple).update(valid_from=first)
    seats = Partner.objects.with_keys()
    return seats.get(pk=starter.pk), seats.get(pk=joiner.pk)


def _mark(partner: Partner, ritual: object, then: datetime) -> None:
    day = partner.couple.today(then)
    Mark.make(by=partner, ritual=ritual, day=day, client_key=uuid.uuid4(), now=then)  # type: ignore[arg-type]


def _talk(one: Partner, other: Partner, then: datetime, *, third: Third, open_ended: bool) -> None:
    """What the two say to each other on one day; on the last days it stays without an answer."""
    by, to = (one, other) if then.toordinal() % 2 else (other, one)
    if then.weekday() in ASK_DAYS or open_ended:
        _ask(by, to, then, third=third, open_ended=open_ended)
    if then.weekday() in TOPIC_DAYS or open_ended:
        _raise(by, to, then, third=third, open_ended=open_ended)
    if then.weekday() == 6:
        _look_back(one, other, then)
    if then.weekday() == 5:
        Appreciation.say("You put the kettle on.", by=by, client_key=uuid.uuid4(), now=then)
        week = week_of(one.couple.today(then))
        GoodDay.answer(by=by, week=week, outcome="shared", words="The walk home.", now=then)


def _ask(by: Partner, to: Partner, then: datetime, *, third: Third, open_ended: bool) -> None:
    question = Question("Dinner with my team", about=third)
    ask = Ask.put(question, by=by, client_key=uuid.uuid4(), now=then)
    if not open_ended:
        later = then + timedelta(hours=3)
        ask.act(AskKind.FINE, by=to, client_key=uuid.uuid4(), answers=1, now=later)


def _raise(by: Partner, to: Partner, then: datetime, *, third: Third, open_ended: bool) -> None:
    topic = Topic.draft(by=by, about="plan", words="Where we go in the spring", third=third)
    topic.bring_up(by=by, client_key=uuid.uuid4(), now=then)
    if not open_ended:
        topic.act(TopicKind.HEARD, by=to, client_key=uuid.uuid4(), now=then)
        for each in (to, by):
            topic.act(TopicKind.DEALT, by=each, client_key=uuid.uuid4(), now=then)


def _look_back(one: Partner, other: Partner, then: datetime) -> None:
    """Our time and the weekly pulse."""
    meeting = Meeting.begin(by=one, client_key=uuid.uuid4(), now=then)
    item = meeting.items.first()
    if item:
        words = "Two evenings a week without screens"
        Decision.keep(words, item=item, by=other, client_key=uuid.uuid4(), now=then)
    week = week_of(one.couple.today(then))
    for partner in (one, other):
        pulse = Pulse.answer((4, 5, 5), by=partner, week=week, now=then)
        pulse.share(by=partner, revision=pulse.revision, now=then)
