"""One reminder before the date, to the one who was asked."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from couples.delivery.models.reminder import Outcome, ReminderQuerySet
from couples.models import Partner, Reminder
from rituals.asks.flow import Kind
from rituals.asks.models.ask import Question
from rituals.asks.models.reminder import KIND
from rituals.asks.reminders import AskReminders
from rituals.models import Ask

NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)  # 12:00 in Berlin
FRIDAY = date(2026, 12, 4)


def put(by: Partner, *, on: date | None = FRIDAY, know_by: date | None = None) -> Ask:
    question = Question("Dinner with my team", on=on, know_by=know_by)
    return Ask.put(question, by=by, client_key=uuid.uuid4(), now=NOON)


def say(ask: Ask, by: Partner, kind: Kind, *, now: datetime = NOON) -> None:
    ask.act(kind, by=by, client_key=uuid.uuid4(), answers=ask.latest, words="if …", now=now)


def asked() -> ReminderQuerySet:
    return Reminder.objects.filter(kind=KIND)


def standing() -> list[tuple[uuid.UUID, datetime]]:
    return list(asked().standing().values_list("person", "due_at"))


@pytest.mark.parametrize(
    ("on", "know_by", "due"),
    [
        (FRIDAY, None, datetime(2026, 12, 3, 17, tzinfo=UTC)),
        (FRIDAY, date(2026, 12, 3), datetime(2026, 12, 2, 17, tzinfo=UTC)),
        (None, date(2026, 12, 3), datetime(2026, 12, 2, 17, tzinfo=UTC)),
        (date(2026, 12, 2), None, datetime(2026, 12, 1, 17, tzinfo=UTC)),
    ],
)
def test_the_evening_before_on_the_clock_of_the_one_who_was_asked(
    ana: Partner, ben: Partner, on: date | None, know_by: date | None, due: datetime
) -> None:
    put(ana, on=on, know_by=know_by)
    assert standing() == [(ben.person_id, due)]


@pytest.mark.parametrize("on", [None, date(2026, 12, 1)])
def test_without_a_day_or_too_late_there_is_none(ana: Partner, on: date | None) -> None:
    put(ana, on=on)
    assert standing() == []


def test_asked_in_the_evening_for_tomorrow_it_comes_in_the_morning(
    ana: Partner, ben: Partner
) -> None:
    late = NOON + timedelta(hours=8)
    question = Question("Dinner", on=date(2026, 12, 2))
    Ask.put(question, by=ana, client_key=uuid.uuid4(), now=late)
    assert standing() == [(ben.person_id, datetime(2026, 12, 2, 8, tzinfo=UTC))]


@pytest.mark.parametrize("kind", [Kind.FINE, Kind.FINE_IF, Kind.RATHER_NOT, Kind.TALK_FIRST])
def test_any_answer_drops_it(ana: Partner, ben: Partner, kind: Kind) -> None:
    ask = put(ana)
    say(ask, ben, kind)
    assert asked().get().outcome == Outcome.DROPPED


def test_an_ending_drops_it(ana: Partner) -> None:
    say(put(ana), ana, Kind.WENT_AHEAD)
    assert standing() == []


def test_a_counter_offer_promises_it_again_and_never_a_second_one(
    ana: Partner, ben: Partner
) -> None:
    ask = put(ana)
    say(ask, ben, Kind.FINE_IF)
    say(ask, ana, Kind.COUNTER)
    assert len(standing()) == 1
    asked().update(settled_at=NOON, outcome=Outcome.SENT)
    say(ask, ben, Kind.FINE_IF)
    say(ask, ana, Kind.COUNTER)
    assert standing() == []
    assert asked().count() == 1


def test_muting_drops_it_and_hearing_again_promises_it(ana: Partner, ben: Partner) -> None:
    ask = put(ana)
    ask.mute(by=ben, now=NOON)
    assert standing() == []
    ask.unmute(by=ben, now=NOON)
    assert len(standing()) == 1


def test_the_askers_mute_leaves_the_others_reminder(ana: Partner) -> None:
    put(ana).mute(by=ana, now=NOON)
    assert len(standing()) == 1


def test_a_moved_clock_moves_it(ana: Partner, ben: Partner) -> None:
    put(ana)
    ben.keep_clock("America/New_York", now=NOON)
    assert standing() == [(ben.person_id, datetime(2026, 12, 3, 23, tzinfo=UTC))]


def test_at_claim_the_source_wants_it_only_while_it_waits(ana: Partner, ben: Partner) -> None:
    ask, source = put(ana), AskReminders()
    promise = asked().get()
    assert not source.wanted(promise, now=NOON)
    assert source.wanted(promise, now=promise.due_at)
    ben.person.is_active = False
    ben.person.save()
    assert not source.wanted(promise, now=promise.due_at)
    ben.person.is_active = True
    ben.person.save()
    say(ask, ben, Kind.FINE)
    assert not source.wanted(promise, now=promise.due_at)


def test_after_the_couple_has_ended_nobody_is_reminded(ana: Partner, ben: Partner) -> None:
    put(ana)
    promise = asked().get()
    ana.couple.end(now=NOON)
    assert not AskReminders().wanted(promise, now=promise.due_at)


def test_a_move_that_passes_its_hour_by_still_reminds_while_the_day_lasts(
    ana: Partner, ben: Partner
) -> None:
    put(ana, on=date(2026, 12, 2))
    ben.keep_clock("America/Los_Angeles", now=NOON)
    arrived = datetime(2026, 12, 2, 1, tzinfo=UTC)  # 17:00 there, and 10:00 the next day in Tokyo
    ben.keep_clock("Asia/Tokyo", now=arrived)
    assert standing() == [(ben.person_id, datetime(2026, 12, 2, tzinfo=UTC))]
    assert AskReminders().wanted(Reminder.objects.get(kind="ask"), now=arrived)
    # When the day is over there as well, it helps nobody any more.
    ben.keep_clock("Pacific/Kiritimati", now=arrived + timedelta(hours=10))
    assert standing() == []


def test_one_that_is_due_and_not_out_yet_is_not_lost_when_it_is_planned_again(
    ana: Partner, ben: Partner
) -> None:
    ask = put(ana, on=date(2026, 12, 2))
    ben.keep_clock("Europe/Berlin", now=datetime(2026, 12, 1, 20, tzinfo=UTC))
    late = datetime(2026, 12, 2, 8, 5, tzinfo=UTC)
    ask.unmute(by=ben, now=late)
    assert standing() == [(ben.person_id, datetime(2026, 12, 2, 8, tzinfo=UTC))]


def test_a_day_that_the_zone_leaves_out_is_reminded_of_before_it(
    ana: Partner, ben: Partner
) -> None:
    then = datetime(2011, 12, 28, 12, tzinfo=UTC)
    ben.keep_clock("Pacific/Apia", now=then)
    question = Question("Dinner", on=date(2011, 12, 30))
    Ask.put(question, by=ana, client_key=uuid.uuid4(), now=then)
    assert standing() == [(ben.person_id, datetime(2011, 12, 30, 4, tzinfo=UTC))]
    # On the evening of the 29th it is too late for it, and no error.
    late = datetime(2011, 12, 30, 5, tzinfo=UTC)
    Ask.put(question, by=ana, client_key=uuid.uuid4(), now=late)
    assert len(standing()) == 1
