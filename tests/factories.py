"""The same few people in every test: ana and ben are a couple, cleo is an outsider."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache
from unittest.mock import patch
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from couples import brakes
from couples.brakes import Brake
from couples.clock import database_now
from couples.days import week_of
from couples.delivery.models.preference import Way
from couples.delivery.sources import source_of
from couples.models import (
    Agreement,
    AgreementVersion,
    Couple,
    Invitation,
    ManualEntry,
    Partner,
    Person,
    Preference,
    Third,
    ThirdMoment,
)
from couples.thirds.flow import finished_weeks
from repairs.models import Repair
from repairs.terms import Kind
from rituals.asks.flow import Kind as AskKind
from rituals.asks.models.ask import Question
from rituals.models import (
    Ask,
    Decision,
    Mark,
    Meeting,
    MeetingItem,
    Pulse,
    RestRange,
    Ritual,
    Topic,
    add_ritual,
    take_up,
)
from rituals.topics.flow import Kind as TopicKind


@contextmanager
def without_brakes() -> Iterator[None]:
    """Lift the brakes for as long as somebody fills everything in one moment."""
    lifted = {name: Brake(limits=((10**6, 1),)) for name in brakes.BRAKES}
    with patch.object(brakes, "BRAKES", lifted):
        yield


PASSWORD = "say hi before anything"


def make_person(*, name: str, email: str | None = None, zone: str = "Europe/Berlin") -> Person:
    """Return a saved person who can sign in with PASSWORD and has taken the first steps."""
    email = email or f"{name.lower()}@example.com"
    person = Person(email=email, name=name, time_zone=zone, password=_hashed())
    person.mailbox_asked_at = person.example_shown_at = database_now()
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _hashed() -> str:
    """PASSWORD as it is kept under the hasher of the moment; some tests choose a quick one."""
    return _hashed_by(settings.PASSWORD_HASHERS[0])


@cache
def _hashed_by(_hasher: str) -> str:
    """PASSWORD once for each hasher: hashing is slow on purpose."""
    return make_password(PASSWORD)


def make_couple(
    *, first: Person, second: Person, zone: str = "Europe/Berlin"
) -> tuple[Partner, Partner]:
    """Return both places in a couple that went the way of the invitation."""
    starter = Couple.start(by=first, day_zone=zone)
    joiner = Invitation.make(by=starter).accept(by=second)
    return fresh(starter), fresh(joiner)


def fresh(partner: Partner) -> Partner:
    """Return the partner as the next request would find them."""
    return Partner.objects.with_keys().get(pk=partner.pk)


def days_before(partner: Partner, days: int) -> datetime:
    """Return the instant now, or noon of the couple's day so many whole days ago.

    An hour as late as now may belong to another day, on the far side of a change of the clock.
    """
    now, couple = database_now(), partner.couple
    day = couple.today(now) - timedelta(days=days)
    return datetime.combine(day, time(12), ZoneInfo(couple.day_zone)) if days else now


def weeks_before(partner: Partner, weeks: int) -> datetime:
    """Return the instant now, or noon of the couple's day so many whole weeks ago."""
    return days_before(partner, 7 * weeks)


def greeting_of(partner: Partner) -> Ritual:
    """Return the couple's greeting."""
    return partner.couple.rituals.live().get(kind="greeting")


def mark(*, by: Partner, ritual: Ritual | None = None, day: date | None = None) -> Mark:
    """Return a mark made by one tap, today unless said."""
    now = database_now()
    return Mark.make(
        by=by,
        ritual=ritual or greeting_of(by),
        day=day or by.couple.today(now),
        client_key=uuid.uuid4(),
        now=now,
    )


def keep_ritual(
    first: Partner,
    second: Partner,
    *,
    kind: str = "own",
    name: str | None = "Tea on the stairs",
    weekdays: int = 127,
    now: datetime | None = None,
) -> Ritual:
    """Return a ritual that the first proposed and the second took up."""
    ritual = add_ritual(by=first, kind=kind, name=name, weekdays=weekdays, now=now)
    take_up(ritual, by=second, now=now)
    return ritual


def rest(*, by: Partner, ahead: int = 10, days: int = 3) -> RestRange:
    """Return a rest of `days` days that begins `ahead` days from today."""
    first = by.couple.today(database_now()) + timedelta(days=ahead)
    return RestRange.enter(by=by, first=first, last=first + timedelta(days=days - 1))


def propose(
    *, by: Partner, wording: str = "We come back the same day.", area: str = "repair"
) -> AgreementVersion:
    """Return a principle that one has signed."""
    return Agreement.propose(by=by, area=area, wording=wording, client_key=uuid.uuid4())


def agree(
    first: Partner, second: Partner, *, wording: str = "We come back.", area: str = "repair"
) -> AgreementVersion:
    """Return a principle in force."""
    version = propose(by=first, wording=wording, area=area)
    version.sign(by=second)
    return version


def write_manual(
    *, by: Partner, text: str, question: str = "upset", sharing: str = "private"
) -> ManualEntry:
    """Return an entry of somebody's manual."""
    return ManualEntry.write(
        by=by, question=question, text=text, sharing=sharing, client_key=uuid.uuid4()
    )


def answer_week(
    *,
    by: Partner,
    answers: tuple[int, int, int] = (5, 4, 6),
    weeks_ago: int = 0,
    shared: bool = False,
) -> Pulse:
    """Return three answers about a week, made in that week, and shared if asked for."""
    now = weeks_before(by, weeks_ago)
    made = Pulse.answer(answers, by=by, week=week_of(by.couple.today(now)), now=now)
    if shared:
        made.share(by=by, revision=made.revision, now=now)
    return made


def share_repair(*, by: Partner, happened: str = "You left while I was talking.") -> Repair:
    """Return a repair to which the other has just been invited."""
    repair = Repair.draft(by=by, door="i_was_hurt", happened=happened, how_much=3)
    repair.invite(by=by, client_key=uuid.uuid4())
    return repair


def act(repair: Repair, *, by: Partner, kind: Kind, words: str | None = None) -> None:
    """Add one act, as one tap would."""
    repair.act(by=by, kind=kind, client_key=uuid.uuid4(), words=words)


def put_ask(*, by: Partner, what: str = "Dinner with my team on Thursday", **about: object) -> Ask:
    """Return an ask that lies with the other."""
    question = Question(what, **about)  # type: ignore[arg-type]
    return Ask.put(question, by=by, client_key=uuid.uuid4())


def say(ask: Ask, *, by: Partner, kind: AskKind, words: str | None = None) -> None:
    """Add one step to an ask, as one tap on a page drawn just now would."""
    ask.refresh_from_db(fields=["latest"])
    ask.act(kind, by=by, client_key=uuid.uuid4(), answers=ask.latest, words=words)


def raise_topic(
    *, by: Partner, about: str = "request", words: str = "The bins", now: datetime | None = None
) -> Topic:
    """Return a topic that lies with the other."""
    topic = Topic.draft(by=by, about=about, words=words)
    topic.bring_up(by=by, client_key=uuid.uuid4(), now=now)
    return topic


def settle(topic: Topic, *, by: Partner) -> None:
    """Say that a topic has been dealt with, as one tap would."""
    topic.act(TopicKind.DEALT, by=by, client_key=uuid.uuid4())


def name_third(
    *,
    by: Partner,
    sort: str = "work",
    label: str = "",
    person: bool = False,
    now: datetime | None = None,
) -> Third:
    """Return what somebody has named: in force, or proposed when it is a person."""
    return Third.put(
        by=by, sort=sort, label=label, is_person=person, client_key=uuid.uuid4(), now=now
    )


def came_first(third: Third, *, by: Partner, came: str = "this", day: date | None = None) -> None:
    """Say what came first, on a day that may be over: no verb can make a past."""
    ThirdMoment.objects.create(
        couple=by.couple,
        third=third,
        partner=by,
        came=came,
        day=day or by.couple.today(database_now()),
    )


def crowd_in(third: Third, *, by: Partner, weeks: int = 3) -> None:
    """Let a third come first once in each of the last weeks that are over."""
    today = by.couple.today(database_now())
    for monday in finished_weeks(today, weeks):
        came_first(third, by=by, day=monday)
    # It has been there for as long as its weeks.
    Third.objects.filter(pk=third.pk).update(since=today - timedelta(weeks=weeks))


def begin_meeting(*, by: Partner, now: datetime | None = None) -> Meeting:
    """Return the meeting that a tap on "Begin" finds or makes."""
    return Meeting.begin(by=by, client_key=uuid.uuid4(), now=now)


def decide(item: MeetingItem, *, by: Partner, words: str = "Two evenings a week") -> Decision:
    """Return what the two wrote down about an item of their meeting."""
    key = uuid.uuid4()
    Decision.keep(words, item=item, by=by, client_key=key)
    return Decision.objects.get(client_key=key)


def turn_on(kind: str, *, by: Partner, now: datetime | None = None) -> None:
    """Choose to be told of this kind by e-mail, as on the page."""
    source = source_of(kind)
    assert source is not None
    Preference.choose(by.person, kind, Way.EMAIL)
    source.chosen(by.person, now=now or database_now())
