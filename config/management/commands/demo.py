"""`manage.py demo`: puts in a couple with twelve weeks behind them, and their therapist."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.demo import felt, manual, our_time, thirds
from couples.clock import database_now
from couples.days import DAY
from couples.models import Agreement, AgreementVersion, Couple, Invitation, Partner, Person
from repairs.models import Repair
from repairs.terms import Kind
from rituals.asks.flow import Kind as AskKind
from rituals.asks.models.ask import Question
from rituals.models import (
    Appreciation,
    Ask,
    Mark,
    Matter,
    MeetingWord,
    ReminderTime,
    RestRange,
    RitualSchedule,
    Topic,
    add_ritual,
    take_up,
)
from therapists.models import Acceptance, Consent, Scope, Therapist, TherapistLink

PASSWORD = "hi-first-demo"  # noqa: S105 - printed for everybody who runs the demo
ZONE = "Europe/Berlin"
WEEKS = 12
FRESH = 14
"""Days after which both have said of a repair that it holds."""


PEOPLE = {
    "alex@example.com": ("Alex", "a couple with twelve weeks behind them"),
    "sam@example.com": ("Sam", "Alex's partner"),
    "robin@example.com": ("Robin", "their therapist"),
    "kim@example.com": ("Kim", "another couple"),
    "jo@example.com": ("Jo", "Kim's partner"),
    "lou@example.com": ("Lou", "on the first evening, before inviting anybody"),
}

HURTS = [
    (
        70,
        "You answered a call while I was telling you about the hospital.",
        "I felt like the least urgent thing in the room.",
        "I picked up, saw your face, and kept talking. I am sorry for that.",
        "I would rather be late for everything than have you feel alone next to me.",
    ),
    (
        38,
        "We agreed on a quiet Sunday and your parents stood at the door at noon.",
        "I felt that our agreement was mine alone.",
        "I had told them they could come and was too much of a coward to tell you.",
        "You are my home. The rest is visitors.",
    ),
    (
        12,
        "You went to bed without a word after the party.",
        "I lay there and thought you were done with me.",
        "I went silent to win. That was my part.",
        "Whatever it is next time, I want to be on your side of it.",
    ),
]
"""Days ago, what happened, what hurt, the other's part, and what they are to each other."""


PRINCIPLES = [
    ("purpose", "We come first, and we come back."),
    ("repair", "We come back to each other the same day."),
    ("thirds", "We put our screens away while we eat together."),
]
"""Area and wording of what Alex and Sam agreed; one more is open for a signature."""


class Command(BaseCommand):
    """Puts the demo in once; run again it changes nothing."""

    help = "Put in the demo couple, their therapist and another couple. Safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it all in one transaction, so that a half-made demo cannot be."""
        if Person.objects.filter(email__in=PEOPLE).exists():
            self.stdout.write("The demo is there already.")
            return
        if Person.objects.exists():
            # Its password is printed for everybody: not beside people who are no demo.
            raise CommandError("this database holds other people; the demo needs one of its own.")
        with transaction.atomic():
            put_in(now=database_now())
        self.stdout.write("The demo is in.")


def put_in(*, now: datetime) -> None:
    """Make the five people of the demo, and twelve weeks up to `now`."""
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    people = {email: _person(email, name, password) for email, (name, _) in PEOPLE.items()}
    alex, sam = _couple(people["alex@example.com"], people["sam@example.com"], now=now)
    _practise(alex, sam, now=now, weeks=WEEKS, seed=7)
    for days_ago, *words in HURTS:
        # The last one is asked about on Today.
        then, holds = now - timedelta(days=days_ago), days_ago > FRESH
        _mend(alex, sam, words, now=then, holds=holds)
    _agree(alex, sam, now=now)
    _remind(alex, sam, now=now)
    _choose(alex, sam, now=now)
    _ask_first(alex, sam, now=now)
    thirds.put_in(alex, sam, now=now)
    our_time.put_in(alex, sam, now=now)
    felt.put_in(alex, sam, now=now)
    manual.put_in(alex, sam, now=now)
    _link(people["robin@example.com"], alex, sam, now=now)
    _begin(people["lou@example.com"])
    kim, jo = _couple(people["kim@example.com"], people["jo@example.com"], now=now)
    _practise(kim, jo, now=now, weeks=2, seed=11)


def _person(email: str, name: str, password: str) -> Person:
    person = Person(email=email, name=name, time_zone=ZONE, password=password)
    person.mailbox_asked_at = person.example_shown_at = database_now()
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _begin(person: Person) -> None:
    """Lou has given a name, and the first three minutes go on from there."""
    person.mailbox_asked_at = person.example_shown_at = None
    person.save(update_fields=["mailbox_asked_at", "example_shown_at"])
    Couple.start(by=person, day_zone=ZONE)


def _couple(first: Person, second: Person, *, now: datetime) -> tuple[Partner, Partner]:
    starter = Couple.start(by=first, day_zone=ZONE)
    joiner = Invitation.make(by=starter, now=now).accept(by=second, now=now)
    began = now - timedelta(weeks=WEEKS)
    # The one thing no verb does: a demo needs a past.
    starter.couple.partners.update(joined_at=began)
    RitualSchedule.objects.filter(couple=starter.couple).update(
        valid_from=starter.couple.today(began)
    )
    seats = Partner.objects.with_keys()
    return seats.get(pk=starter.pk), seats.get(pk=joiner.pk)


def _practise(one: Partner, other: Partner, *, now: datetime, weeks: int, seed: int) -> None:
    """Mark most days, more of them lately; leave today to whoever tries the demo."""
    chance = Random(seed)  # noqa: S311 - the same demo every time
    rituals = list(one.couple.rituals.live())
    for days_ago in range(weeks * 7 - 1, 0, -1):
        then = now - timedelta(days=days_ago)
        likely = 0.52 + 0.24 * (1 - days_ago / (WEEKS * 7))
        for ritual in rituals:
            for partner in (one, other):
                if chance.random() < likely:
                    _mark(partner, ritual, then)


def _mark(partner: Partner, ritual: Any, then: datetime) -> None:
    day = partner.couple.today(then)
    Mark.make(by=partner, ritual=ritual, day=day, client_key=uuid.uuid4(), now=then)


def _mend(one: Partner, other: Partner, words: list[Any], *, now: datetime, holds: bool) -> None:
    happened, hurt, part, us = words
    repair = Repair.draft(by=one, door="i_was_hurt", happened=happened, how_much=3)
    repair.invite(by=one, client_key=uuid.uuid4(), now=now)
    steps: list[tuple[Partner, Kind, str | None]] = [
        (other, Kind.NOW, None),
        (one, Kind.SETTLED, None),
        (other, Kind.SETTLED, None),
        (one, Kind.HURT, hurt),
        (other, Kind.NO_HURT, None),
        (other, Kind.ECHO, f"What I heard: {hurt}"),
        (one, Kind.THATS_IT, None),
        (other, Kind.PART, part),
        (one, Kind.PART, "I let it build up for days instead of saying it."),
        (one, Kind.TAKE_IN, None),
        (other, Kind.TAKE_IN, None),
        (one, Kind.US, us),
        (other, Kind.US, "We two come first. Even when I forget to act like it."),
        (one, Kind.SAFE_YES, None),
        (other, Kind.SAFE_YES, None),
    ]
    for number, (by, kind, said) in enumerate(steps, start=1):
        at = now + timedelta(minutes=4 * number)
        repair.act(by=by, kind=kind, client_key=uuid.uuid4(), words=said, now=at)
    if holds:
        for by in (one, other):
            then = now + 3 * DAY
            repair.act(by=by, kind=Kind.HOLDS_YES, client_key=uuid.uuid4(), now=then)


def _agree(one: Partner, other: Partner, *, now: datetime) -> None:
    for number, (area, wording) in enumerate(PRINCIPLES):
        then = now - (70 - 20 * number) * DAY
        _propose(one, area, wording, then).sign(by=other, now=then + DAY)
    _propose(other, "first", "We ask first before we promise a weekend.", now - DAY)


def _propose(by: Partner, area: str, wording: str, then: datetime) -> AgreementVersion:
    key = uuid.uuid4()
    return Agreement.propose(by=by, area=area, wording=wording, client_key=key, now=then)


def _choose(one: Partner, other: Partner, *, now: datetime) -> None:
    """A ritual of their own, days at rest behind and before them, and a word at the goodbye."""
    today = one.couple.today(now)
    tea = add_ritual(by=one, kind="own", name="Tea on the stairs", weekdays=0b1000100, now=now)
    take_up(tea, by=other, now=now)
    then = now - 20 * DAY
    rested = today - 20 * DAY
    RestRange.enter(by=other, first=rested, last=rested + 2 * DAY, now=then)
    RestRange.enter(by=one, first=today + 12 * DAY, last=today + 16 * DAY, now=now)
    MeetingWord.say(by=other, words="Home by seven. I bring bread.", now=now)


def _remind(one: Partner, other: Partner, *, now: datetime) -> None:
    greeting, goodbye = one.couple.rituals.live()
    ReminderTime.keep(ritual=greeting, by=one, at=time(18, 30), now=now)
    ReminderTime.keep(ritual=greeting, by=other, at=time(18, 15), now=now)
    ReminderTime.keep(ritual=goodbye, by=one, at=time(7, 40), now=now)


def _ask_first(one: Partner, other: Partner, *, now: datetime) -> None:
    """Something asked weeks ago, something that waits for an answer, and a kind line."""
    for line in ("Evenings and weekends", "Money above 200 euros", "Guests at home"):
        Matter.add(line, by=one, now=now - 60 * DAY)
    then = now - 9 * DAY
    sofa = Ask.put(Question("A new sofa, the green one"), by=one, client_key=uuid.uuid4(), now=then)
    steps = ((other, AskKind.FINE_IF, "the old one goes to my sister"), (one, AskKind.AGREE, None))
    for number, (by, kind, words) in enumerate(steps, start=1):
        key, at = uuid.uuid4(), then + number * timedelta(hours=5)
        sofa.act(kind, by=by, client_key=key, answers=number, words=words, now=at)
    dinner = Question(
        "Dinner with my team, they leave on Friday",
        third="Work",
        instead_of="Our evening",
        on=one.couple.today(now) + 3 * DAY,
    )
    Ask.put(dinner, by=other, client_key=uuid.uuid4(), now=now)
    topic = Topic.draft(by=one, about="plan", words="Where we go in the spring")
    topic.bring_up(by=one, client_key=uuid.uuid4(), now=now - DAY)
    kind_line = "You put the kettle on before I asked."
    Appreciation.say(kind_line, by=other, client_key=uuid.uuid4(), now=now - DAY)


def _link(person: Person, one: Partner, other: Partner, *, now: datetime) -> None:
    """Robin is verified, affirmed, and trusted by both with when, never with the words."""
    then = now - 70 * DAY
    robin = Therapist.apply(
        by=person, name=person.name or "", licence="LMFT 00000 (demo)", place="Oldtown", now=then
    )
    robin.verify(now=then)
    link = TherapistLink.invite(by=robin, secrets_policy="none_kept", now=then)
    link.open_to(by=one, now=then)
    for partner in (one, other):
        Acceptance.give(link=link, by=partner, now=then)
        scopes = [Scope.RHYTHM, Scope.REPAIRS]
        Consent.give(link=link, by=partner, scopes=scopes, from_start=True, now=then)
