"""What falls due at once is one message: it says that something is waiting, whatever waits."""

from __future__ import annotations

import smtplib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from couples.clock import database_now
from couples.delivery.claim import LEASE, tick
from couples.delivery.mail import Post
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Channel, Delivery, Stage
from couples.delivery.sources import Source, sources
from couples.models import Partner, Person, Preference, Reminder
from repairs.models import Repair, promises
from repairs.terms import Kind
from tests.at_once import at_once
from tests.factories import make_person

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
ALONE = {"approach"}
"""There is one at a time, and it leaves no row behind."""

STARTED = sorted({each.kind for each in sources() if each.starts} - ALONE)
OWN = sorted(each.kind for each in sources() if not each.starts)


@pytest.fixture
def all_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source still wants its promise, and plans none after it."""
    for source in map(type, sources()):
        monkeypatch.setattr(source, "wanted", lambda *_, **__: True)
        monkeypatch.setattr(source, "wanted_among", Source.wanted_among)
        monkeypatch.setattr(source, "follow_all", lambda *_, **__: None)


@pytest.fixture
def dora(db: None) -> Person:
    return make_person(name="Dora", zone="UTC")


def promise(person: Person, kind: str, *, due: datetime = NOON) -> Reminder:
    Preference.choose(person, kind, Way.EMAIL)
    return Reminder.objects.create(
        person=person,
        kind=kind,
        subject=uuid.uuid4(),
        occasion="once",
        due_at=due,
        useful_until=due + timedelta(days=2),
    )


def outcomes() -> list[str]:
    return sorted(Reminder.objects.values_list("outcome", flat=True))


@pytest.mark.usefixtures("all_wanted")
@pytest.mark.parametrize("kind", STARTED)
def test_three_of_one_kind_at_once_are_one_message(dora: Person, kind: str) -> None:
    for minutes in range(3):
        promise(dora, kind, due=NOON - timedelta(minutes=minutes))
    tick(now=NOON)
    tick(now=NOON + timedelta(minutes=1))
    assert len(mail.outbox) == 1
    assert outcomes() == ["sent", "told", "told"]


@pytest.mark.usefixtures("all_wanted")
@pytest.mark.parametrize("kind", OWN)
def test_times_that_somebody_set_are_each_told(dora: Person, kind: str) -> None:
    promise(dora, kind)
    promise(dora, kind)
    tick(now=NOON)
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("all_wanted")
def test_what_falls_due_after_the_message_has_one_of_its_own(dora: Person) -> None:
    kind = promises.OPEN_LONG
    promise(dora, kind)
    promise(dora, kind, due=NOON + timedelta(minutes=5))
    tick(now=NOON)
    tick(now=NOON + timedelta(minutes=5))
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("all_wanted")
def test_a_message_to_one_says_nothing_to_another(dora: Person) -> None:
    other = make_person(name="Eli", zone="UTC")
    for person in (dora, other):
        promise(person, promises.OPEN_LONG)
    tick(now=NOON)
    assert sorted(each.to[0] for each in mail.outbox) == ["dora@example.com", "eli@example.com"]


@pytest.mark.usefixtures("all_wanted")
def test_what_was_left_in_quiet_hours_is_one_message_in_the_morning(dora: Person) -> None:
    night = NOON.replace(hour=22)
    for hours in range(3):
        promise(dora, promises.OPEN_LONG, due=night + timedelta(hours=hours))
    for hours in range(12):
        tick(now=night + timedelta(hours=hours))
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("all_wanted")
def test_a_message_that_was_not_taken_loses_no_other(
    dora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, refused = Post.hand, iter([True])

    def first_refused(self: Post, letter: mail.EmailMessage) -> None:
        if next(refused, False):
            raise smtplib.SMTPDataError(550, b"no")
        hand(self, letter)

    monkeypatch.setattr(Post, "hand", first_refused)
    for _each in range(3):
        promise(dora, promises.OPEN_LONG)
    tick(now=NOON)
    assert len(mail.outbox) == 1
    assert outcomes() == ["failed", "sent", "told"]


@pytest.mark.usefixtures("all_wanted")
@pytest.mark.parametrize(
    ("stage", "lease", "sent"),
    [
        (Stage.ATTEMPTING, LEASE, 0),  # somebody is at it: ours waits for what becomes of it
        (Stage.HANDED, LEASE, 0),
        (Stage.HANDED, -LEASE, 1),  # lost, and nobody knows: ours goes out
        (Stage.AMBIGUOUS, -LEASE, 1),
        (Stage.FAILED, LEASE, 1),
    ],
)
def test_only_a_message_that_is_known_to_have_gone_out_says_it(
    dora: Person, stage: Stage, lease: timedelta, sent: int
) -> None:
    held, _ours = (promise(dora, promises.OPEN_LONG) for _each in range(2))
    Reminder.objects.filter(pk=held.pk).update(lease_until=NOON + lease, fence=1)
    Delivery.objects.create(
        reminder=held,
        channel=Channel.EMAIL,
        attempt=1,
        stage=stage,
        fence=1,
        began_at=NOON - timedelta(minutes=10),
    )
    tick(now=NOON)
    tick(now=NOON + timedelta(minutes=1))
    assert len(mail.outbox) == sent


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("all_wanted")
def test_two_workers_at_once_send_one() -> None:
    person = make_person(name="Dora", zone="UTC")
    for _each in range(6):
        promise(person, promises.OPEN_LONG)
    results = at_once(*(lambda: tick(now=NOON) for _worker in range(4)))
    assert not [each for each in results if isinstance(each, Exception)]
    tick(now=NOON + timedelta(minutes=3))
    assert len(mail.outbox) == 1
    assert outcomes() == ["sent", *["told"] * 5]


@pytest.mark.usefixtures("much_at_once")
def test_three_hurts_open_for_three_days_are_one_message(ana: Partner, ben: Partner) -> None:
    then = database_now() - timedelta(days=3)
    for hurt in "abc":
        made = Repair.draft(by=ana, door="i_was_hurt", happened=hurt)
        for by, kind in ((ana, Kind.INVITE), (ben, Kind.REST)):
            made.act(by=by, kind=kind, client_key=uuid.uuid4(), now=then)
            then += timedelta(seconds=1)
        then += timedelta(minutes=1)
    long = Reminder.objects.filter(kind=promises.OPEN_LONG, person=ana.person)
    assert long.standing().count() == 3
    tick(now=max(long.values_list("due_at", flat=True)))
    to_ana = [each for each in mail.outbox if each.to == [ana.person.email]]
    assert len(to_ana) == 1
    assert sorted(long.values_list("outcome", flat=True)) == ["sent", "told", "told"]
