"""Whoever steals the database reads nothing: a full dump after a rich history holds no word."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from couples.models import Invitation, Partner
from couples.vault import SealedField
from repairs.models import Particulars, Repair
from repairs.terms import Kind
from rituals.asks.flow import Kind as AskKind
from rituals.models import Appreciation, GoodDay, Matter, Measure, MeetingWord, Ritual
from rituals.topics.flow import Kind as TopicKind
from tests.factories import (
    act,
    answer_week,
    begin_meeting,
    decide,
    fresh,
    make_couple,
    make_person,
    mark,
    name_third,
    propose,
    put_ask,
    raise_topic,
    say,
    share_repair,
    write_manual,
)
from tests.sheets import offer
from tests.therapists.factories import link_with_consent
from therapists.models import Therapist

THANKS = "THANKS-for-the-tea"
TALK = ["TOPIC-the-loud-neighbour", "MAY-I-with-my-brother"]
ASKED = ["ASK-a-night-in-Ghent", "THIRD-old-choir", "INSTEAD-our-sunday", "IF-you-call", "GUESTS-x"]
DAILY = ["MEETING-after-the-late-train", "GOODDAY-we-laughed-at-lunch"]
MANUAL = "MANUAL-a-glass-of-WATER"
THIRD = "BETWEEN-the-second-job"
DECIDED = "DECISION-the-night-train"
PRINCIPLE = "We leave-the-LANTERN-on."
NEXT = "NEXT-TIME-i-call-first"
WORDS = [
    *("Wilhelmina", "Bartholomew", "Dr. Quillfeather"),
    *("LICENCE-8823-XQ", "PLACE-Nebraska-West"),
    *("LINE-coffee-on-the-stairs", "RITUAL-lantern-walk"),
    *("DRAFT-the-door-fell-shut", "OPENING-you-left-the-table"),
    *("HURT-i-was-alone-there", "ECHO-you-felt-alone", "PART-i-walked-away", "US-we-count"),
    *(NEXT, *ASKED, *DAILY, THANKS, PRINCIPLE, *TALK, MANUAL, THIRD, DECIDED),
]


@pytest.fixture
def history(db: None) -> tuple[Partner, Partner]:
    """Return two people who have written a word into every sealed column there is."""
    first, second, third = (
        make_person(name=name, email=f"{number}@example.com")
        for number, name in enumerate(WORDS[:3])
    )
    ana, ben = make_couple(first=first, second=second)
    lin = Therapist.apply(by=third, name=WORDS[2], licence=WORDS[3], place=WORDS[4])
    lin.verify()
    link_with_consent(lin, ana, ben)
    first.keep_clock_in("Asia/Tokyo")
    made = mark(by=ana)
    made.line = WORDS[5]
    made.save()
    Ritual.objects.create(couple=ana.couple, kind="own", own_name=WORDS[6])
    Repair.draft(by=ana, door="i_was_hurt", happened=WORDS[7], how_much=4)
    _daily(ana)
    propose(by=ana, wording=PRINCIPLE)
    write_manual(by=ana, text=MANUAL)
    name_third(by=ana, label=THIRD)
    shared = share_repair(by=ana, happened=WORDS[8])
    _walk(shared, ana, ben)
    _ask(ana, ben)
    return ana, ben


def _ask(ana: Partner, ben: Partner) -> None:
    what, third, instead_of, offer, matter = ASKED
    asked = put_ask(by=ana, what=what, third=third, instead_of=instead_of)
    say(asked, by=ben, kind=AskKind.FINE_IF, words=offer)
    Matter.add(matter, by=ana)
    topic = raise_topic(by=ana, about="concern", words=TALK[0])
    topic.act(TopicKind.MAY_I, by=ana, client_key=uuid.uuid4(), words=TALK[1])
    Appreciation.say(THANKS, by=ana, client_key=uuid.uuid4())
    decide(begin_meeting(by=ana).items.get(kind="topic"), by=ben, words=DECIDED)


def _daily(ana: Partner) -> None:
    meeting, good_day = DAILY
    MeetingWord.say(by=ana, words=meeting)
    answer_week(by=ana)
    Measure.take(offer(), (3, 2, 2, 2), by=ana, client_key=uuid.uuid4())
    GoodDay.answer(by=ana, week=date(2026, 11, 23), outcome="shared", words=good_day)


def _walk(shared: Repair, ana: Partner, ben: Partner) -> None:
    act(shared, by=ben, kind=Kind.NOW)
    act(shared, by=ana, kind=Kind.SETTLED)
    act(shared, by=ben, kind=Kind.SETTLED)
    act(shared, by=ana, kind=Kind.HURT, words=WORDS[9])
    act(shared, by=ben, kind=Kind.NO_HURT)
    act(shared, by=ben, kind=Kind.ECHO, words=WORDS[10])
    act(shared, by=ana, kind=Kind.THATS_IT)
    act(shared, by=ana, kind=Kind.NO_PART)
    more = Particulars(next_time=NEXT)
    shared.act(by=ben, kind=Kind.PART, client_key=uuid.uuid4(), words=WORDS[11], more=more)
    act(shared, by=ana, kind=Kind.TAKE_IN)
    act(shared, by=ana, kind=Kind.US, words=WORDS[12])


def dump() -> Iterator[tuple[str, bytes]]:
    """Yield every table with every row of it, as the bytes that a thief would read."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t.* FROM "{table}" t')  # noqa: S608 - names from the catalogue
            for row in cursor.fetchall():
                yield table, b"\x00".join(_bytes(value) for value in row)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def shapes(words: str) -> set[bytes]:
    """Return how a text could lie around without being sealed."""
    raw = words.encode()
    # Base64 depends on where the text begins, so its middle is looked for at each offset.
    encoded = {base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)}
    return {raw, raw.lower(), words.encode("utf-16-le"), raw.hex().encode(), *encoded}


def test_a_dump_holds_no_word_of_anybody(history: tuple[Partner, Partner]) -> None:
    rows = list(dump())
    assert {"repairs_repairact", "couples_person"} <= {table for table, _row in rows}
    looked_for = {words: shapes(words) for words in WORDS}
    found = {
        (table, words)
        for table, row in rows
        for words, each in looked_for.items()
        if any(shape in row for shape in each)
    }
    assert not found


def test_the_history_above_fills_every_sealed_column(history: tuple[Partner, Partner]) -> None:
    empty = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedField)
        and not model._default_manager.filter(**{f"{field.name}__isnull": False}).exists()
    ]
    assert not empty


def test_tokens_of_links_stand_in_no_row(ana: Partner) -> None:
    alone = fresh(ana)
    ana.couple.partners.exclude(pk=ana.pk).update(ended_at=ana.joined_at)
    token = Invitation.make(by=alone).token
    assert not [table for table, row in dump() if token.encode() in row]
