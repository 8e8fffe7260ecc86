"""A message that the other is on the way: to those who chose it, and kept nowhere afterwards."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from couples.delivery.claim import claim, tick
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Channel
from couples.models import Delivery, Partner, Preference, Reminder
from rituals.days.approach_reminders import ApproachReminders
from rituals.days.models.approach import KIND, LASTS, USEFUL, sweep
from rituals.models import Approach, Mark
from tests.at_once import somebody_waits
from tests.factories import fresh, greeting_of, turn_on
from tests.waiting import eventually

NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)  # 12:00 in Berlin
MINUTE = timedelta(minutes=1)


def tell(by: Partner, *, now: datetime = NOON) -> None:
    assert Approach.tell(by=by, kind=Approach.Kind.ON_MY_WAY, now=now)


def kept() -> int:
    """Return how many rows tell that a message was promised or sent."""
    told = Reminder.objects.filter(kind=KIND)
    return told.count() + Delivery.objects.filter(reminder__in=told).count()


def test_whoever_has_not_chosen_it_gets_none_and_nothing_is_kept(ana: Partner) -> None:
    tell(ana)
    Preference.choose(ana.person, KIND, Way.EMAIL)  # the teller's own choice changes nothing
    assert kept() == 0


def test_what_is_taken_back_is_told_no_more_and_leaves_no_message(
    ana: Partner, ben: Partner
) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    promise = Reminder.objects.get(kind=KIND)
    Approach.take_back(by=fresh(ana), now=NOON + MINUTE)
    assert kept() == 0
    assert Approach.objects.get().kind == ""
    assert not ApproachReminders().wanted(promise, now=NOON + MINUTE)
    Approach.take_back(by=fresh(ana), now=NOON + MINUTE)  # twice is once
    assert Approach.objects.get().kind == ""


def test_taking_back_makes_no_room_for_another_message(ana: Partner, ben: Partner) -> None:
    """Told, taken back, told again would be as loud as an alarm."""
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    Approach.take_back(by=fresh(ana), now=NOON + MINUTE)
    for kind in Approach.Kind.values:
        assert not Approach.tell(by=fresh(ana), kind=kind, now=NOON + 29 * MINUTE)
    assert kept() == 0
    tell(fresh(ana), now=NOON + 31 * MINUTE)
    assert Approach.objects.get().kind == Approach.Kind.ON_MY_WAY


def test_what_was_taken_back_is_gone_when_its_half_hour_is_over(ana: Partner, ben: Partner) -> None:
    tell(ana)
    tell(ben)
    Approach.take_back(by=fresh(ana), now=NOON + MINUTE)
    sweep(now=NOON + 29 * MINUTE)
    assert Approach.objects.count() == 2
    sweep(now=NOON + 30 * MINUTE)
    assert [each.partner for each in Approach.objects.all()] == [ben]


def test_it_goes_to_the_other_at_once_and_is_deleted_when_it_went_out(
    ana: Partner, ben: Partner
) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    promise = Reminder.objects.get(kind=KIND)
    assert (promise.person, promise.due_at) == (ben.person, NOON)
    assert promise.useful_until == NOON + USEFUL
    tick(now=NOON)
    assert [each.to for each in mail.outbox] == [[ben.person.email]]
    assert "way" not in mail.outbox[0].subject + str(mail.outbox[0].body)
    assert kept() == 0
    assert Approach.objects.exists()  # the page still says so
    tick(now=NOON + MINUTE)
    assert len(mail.outbox) == 1


def test_half_an_hour_later_it_can_go_out_again(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ben, now=NOON)
    for n in range(2):
        tell(ana, now=NOON + n * 31 * MINUTE)
        tick(now=NOON + n * 31 * MINUTE)
    assert len(mail.outbox) == 2
    assert kept() == 0


def test_told_again_every_phone_is_told_again(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    first = Reminder.objects.get(kind=KIND)
    made = {"channel": "push", "attempt": 1, "stage": "failed", "fence": 0, "began_at": NOON}
    Delivery.objects.create(reminder=first, reached=[ana.pk], **made)
    tell(ana, now=NOON + 31 * MINUTE)
    again = Reminder.objects.get(kind=KIND)
    assert not again.deliveries.exists()


def test_arriving_deletes_what_waits(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    greeting_of(ana).schedules.update(valid_from=NOON.date())
    day = ana.couple.today(NOON)
    Mark.make(by=ben, ritual=greeting_of(ben), day=day, client_key=uuid.uuid4(), now=NOON)
    assert kept() == 0
    tick(now=NOON + MINUTE)
    assert mail.outbox == []


def test_the_sweep_deletes_it_with_all_attempts_whatever_became_of_it(
    ana: Partner, ben: Partner
) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    promise = Reminder.objects.get(kind=KIND)
    Delivery.objects.create(
        reminder=promise, channel=Channel.EMAIL, attempt=1, fence=1, began_at=NOON
    )
    Reminder.objects.filter(pk=promise.pk).drop_standing(now=NOON)
    sweep(now=NOON + LASTS - MINUTE)
    assert kept() == 2
    sweep(now=NOON + LASTS)
    assert kept() == 0
    assert Reminder.objects.standing().exists()  # the greeting's


def test_what_comes_too_late_lapses_and_is_deleted(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    tick(now=NOON + USEFUL)
    assert mail.outbox == []
    assert kept() == 0


def test_at_night_it_waits_in_vain_and_is_gone_before_morning(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ben, now=NOON)
    night = NOON + timedelta(hours=10)  # 22:00 in Berlin
    tell(ana, now=night)
    tick(now=night)
    assert Reminder.objects.standing().filter(kind=KIND).exists()
    sweep(now=night + LASTS)
    assert kept() == 0
    tick(now=night + timedelta(hours=10))
    assert mail.outbox == []


def test_turned_off_meanwhile_it_is_deleted_unsent(ana: Partner, ben: Partner) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    Preference.choose(ben.person, KIND, Way.NONE)
    tick(now=NOON)
    assert mail.outbox == []
    assert kept() == 0


def test_at_claim_it_is_wanted_until_they_are_there_and_by_the_other_alone(
    ana: Partner, ben: Partner
) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    promise, source = Reminder.objects.get(kind=KIND), ApproachReminders()
    assert source.wanted(promise, now=NOON)
    promise.person = ana.person
    assert not source.wanted(promise, now=NOON)
    promise.person = ben.person
    ana.couple.end()
    assert not source.wanted(promise, now=NOON)


def test_a_message_in_the_hands_of_a_worker_can_be_deleted_under_it(
    ana: Partner, ben: Partner
) -> None:
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    (held,) = claim(now=NOON)
    Approach.arrive(ana.couple, kind=Approach.Kind.ON_MY_WAY)
    assert kept() == 0
    assert not Reminder.objects.filter(pk=held.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_begins_meanwhile_is_deleted_too(couple: tuple[Partner, Partner]) -> None:
    ana, ben = couple
    turn_on(KIND, by=ben, now=NOON)
    tell(ana)
    promise = Reminder.objects.get(kind=KIND)

    def arrive() -> None:
        try:
            Approach.arrive(fresh(ana).couple, kind=Approach.Kind.ON_MY_WAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # As a worker does: the promise is locked, then an attempt is written down.
            Reminder.objects.select_for_update().get(pk=promise.pk)
            arriving = pool.submit(arrive)
            eventually(somebody_waits, within=10, what="the one who arrives waits for the worker")
            Delivery.objects.create(
                reminder=promise, channel=Channel.EMAIL, attempt=1, fence=1, began_at=NOON
            )
        arriving.result()
    assert kept() == 0
