"""Row 11: clock changes, moves between zones and times changed after a reminder went out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from couples.clock import database_now
from couples.models import Partner, Person, Reminder
from couples.models.reminder import Outcome
from rituals.models import ReminderTime
from rituals.models.reminder_time import plan, replan
from tests.factories import fresh, greeting_of
from tests.faults.everyday import make_two
from tests.faults.ground import Ground
from tests.faults.registry import Run, Tally

ZONES = 8
"""Zones a run, taken from the whole tz database."""

AHEAD = 400
"""Days searched for a clock change."""

DAYS = 5
"""Reminders followed, around the change."""


@contextmanager
def clock_changes(_ground: Ground) -> Iterator[Run]:
    """Row 11: one reminder a local date, at its time; one in a gap goes soon after it."""

    def once(chance: random.Random) -> Tally:
        tally = Tally()
        for zone in chance.sample(sorted(available_timezones()), ZONES):
            tally += _around_a_change(zone, chance)
        return tally

    yield once


def _around_a_change(zone: str, chance: random.Random) -> Tally:
    change = _next_change(zone) or database_now() + timedelta(days=chance.randrange(AHEAD))
    me = make_two()[0]
    _move(me, zone)
    local = change.astimezone(ZoneInfo(zone))
    # Mostly close to the change, where times are missing or come twice.
    at = (local + timedelta(minutes=chance.randrange(-90, 90))).time().replace(second=0)
    now = change - timedelta(days=DAYS // 2 + 1)
    ReminderTime.keep(ritual=greeting_of(me), by=me, at=at.replace(microsecond=0), now=now)
    days: list[str] = []
    wrong = 0
    for number in range(DAYS):
        reminder = _standing(me)
        if reminder is None:
            return Tally(lost=1)
        days.append(reminder.occasion)
        now = reminder.due_at
        wrong += not _at_its_time(reminder, fresh(me))
        _goes_out(reminder, me, now=now)
        if number == DAYS // 2:
            _changes_their_mind(me, chance, now=now)
    gaps = sum(_days_between(*two) > 1 for two in pairwise(days))
    return Tally(lost=wrong + gaps, doubled=len(days) - len(set(days)))


def _next_change(zone: str) -> datetime | None:
    """Return the instant of the next clock change, to the minute, or None within AHEAD days."""
    there, now = ZoneInfo(zone), database_now().replace(second=0, microsecond=0)
    for day in range(AHEAD):
        low, high = now + timedelta(days=day), now + timedelta(days=day + 1)
        if low.astimezone(there).utcoffset() == high.astimezone(there).utcoffset():
            continue
        while high - low > timedelta(minutes=1):
            middle = low + (high - low) / 2
            same = middle.astimezone(there).utcoffset() == low.astimezone(there).utcoffset()
            low, high = (middle, high) if same else (low, middle)
        return high
    return None


def _move(partner: Partner, zone: str) -> None:
    Person.objects.filter(pk=partner.person_id).update(time_zone=zone)
    partner.person.time_zone = zone


def _standing(partner: Partner) -> Reminder | None:
    return Reminder.objects.standing().filter(person=partner.person).first()


def _goes_out(reminder: Reminder, partner: Partner, *, now: datetime) -> None:
    """Settle it as sent and let the next one be planned, as its source does."""
    held = Reminder.objects.standing().filter(pk=reminder.pk)
    held.update(settled_at=now, outcome=Outcome.SENT)
    plan(greeting_of(partner), fresh(partner), now=now)


def _changes_their_mind(partner: Partner, chance: random.Random, *, now: datetime) -> None:
    """Move to a zone on the other side of the date line, or choose a later time, after it went out.

    Neither may bring a second one on the same date.
    """
    moment = now + timedelta(minutes=1)
    if chance.random() < 0.5:
        before = partner.person.time_zone
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", before):
            _move(partner, zone)
            replan(fresh(partner), now=moment)
    else:
        set_at = ReminderTime.objects.get(partner=partner)
        later = (datetime.combine(now, set_at.at) + timedelta(minutes=20)).time()
        ReminderTime.keep(ritual=greeting_of(partner), by=fresh(partner), at=later, now=moment)


def _at_its_time(reminder: Reminder, partner: Partner) -> bool:
    """True when it is due at the first instant of its date that is not before its time."""
    there = ZoneInfo(partner.person.time_zone)
    at: time = ReminderTime.objects.get(partner=partner).at
    local = reminder.due_at.astimezone(there)
    if local.date().isoformat() != reminder.occasion:
        return False
    if local.time() == at:
        earlier = local.replace(fold=0, tzinfo=there)
        return earlier.astimezone(UTC) >= reminder.due_at or local.fold == 0
    # In a gap: the clock never shows the time on that day, and it goes by the one before.
    wanted = datetime.combine(local.date(), at, tzinfo=there)
    missing = wanted.astimezone(UTC).astimezone(there).time() != at
    return missing and local.time() > at


def _days_between(first: str, second: str) -> int:
    days = datetime.fromisoformat(second) - datetime.fromisoformat(first)
    return days.days
