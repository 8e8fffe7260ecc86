"""Every zone of the tz database, every change of its clocks in the coming three years.

Around each change a chain of reminders is followed as the app makes it: the next one is planned
when one is settled. A clock on the wall (tests/properties/wall_clock.py) says which dates have one
and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest

from couples.days import DAY
from couples.delivery.models.reminder import Outcome
from couples.models import Partner, Reminder
from couples.zones import zones
from rituals.days.occurrences import Occurrence, next_to_come, occurrences
from rituals.days.reminders import RitualReminders
from rituals.models import ReminderTime
from tests.factories import greeting_of
from tests.properties.wall_clock import MINUTE, Watch, changes, shown, watch

QUARTER = timedelta(minutes=15)
NOT_ZONES = ("posix/", "right/", "posixrules", "localtime", "Factory")
"""Copies of the same zones (with leap seconds in `right/`), and the machine's own."""

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
YEARS = timedelta(days=3 * 366)

LONG_AGO = [
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # 30 December was left out
    ("Pacific/Fakaofo", datetime(2011, 12, 30, 11, tzinfo=UTC)),  # and here
    ("Pacific/Kwajalein", datetime(1993, 8, 21, 12, tzinfo=UTC)),  # 21 August was left out
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # no midnight
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),  # midnight put off by an hour
    ("America/Asuncion", datetime(2022, 10, 2, 4, tzinfo=UTC)),
    ("America/Havana", datetime(2024, 3, 10, 5, tzinfo=UTC)),
    ("Asia/Amman", datetime(2021, 3, 25, 22, tzinfo=UTC)),
    ("Asia/Tehran", datetime(2022, 3, 21, 20, 30, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2023, 3, 25, 22, tzinfo=UTC)),  # put off and not put off
    ("Asia/Gaza", datetime(2023, 4, 29, 0, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2023, 4, 27, 22, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2024, 3, 10, 2, tzinfo=UTC)),  # back for Ramadan
    ("Africa/Casablanca", datetime(2024, 4, 14, 2, tzinfo=UTC)),
    ("Africa/El_Aaiun", datetime(2025, 2, 23, 2, tzinfo=UTC)),
    ("America/Nuuk", datetime(2024, 3, 31, 1, tzinfo=UTC)),  # the last hour of a Saturday
    ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),  # from 0:01 to the day before
    ("Antarctica/Troll", datetime(2024, 3, 31, 1, tzinfo=UTC)),  # two hours
    ("Antarctica/Troll", datetime(2024, 10, 27, 1, tzinfo=UTC)),
    ("Antarctica/Casey", datetime(2018, 3, 10, 17, tzinfo=UTC)),  # three hours
    ("Australia/Lord_Howe", datetime(2024, 4, 6, 15, tzinfo=UTC)),  # half an hour
    ("Australia/Lord_Howe", datetime(2024, 10, 5, 15, 30, tzinfo=UTC)),
    ("Asia/Pyongyang", datetime(2018, 5, 4, 15, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2024, 3, 31, 1, tzinfo=UTC)),
]


def names() -> list[str]:
    """Return every zone there is, each name that leads to one among them."""
    return sorted(name for name in available_timezones() if not name.startswith(NOT_ZONES))


def clock_times(zone: str, change: datetime, pace: timedelta) -> set[time]:
    """Return times before, at, in and after what the change leaves out or shows twice."""
    before = shown(change - pace, zone) + pace  # what the wall would have shown
    after = shown(change, zone)
    first, last = sorted((before, after))
    middle = first + (last - first) // 2 // pace * pace
    edges = {each + pace * n for each in (first, last) for n in (-1, 0, 1)}
    hours = {first - 4 * QUARTER, middle, last + 4 * QUARTER}
    return {each.time() for each in edges | hours} | {time(0), time(23, 45), time(18, 30)}


def chain(zone: str, at: time, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """Follow what is promised, each planned in the instant in which the one before was sent."""
    now, sent = since, set[date]()
    while True:
        coming = occurrences(at, zone=zone, first=now.date() - DAY, days=15)
        found = next_to_come(
            coming, now=now, spent=sent, late=lambda _day: False, wanted=lambda _due: True
        )
        assert found is not None
        if found.due > until:
            return
        yield found
        sent.add(found.day)
        now = found.due


def judged(wall: Watch, at: time, since: datetime, until: datetime) -> list[Occurrence]:
    """Return what the wall says: each date it showed, once, when it first showed the time."""
    due = ((day, wall.first_at(day, at)) for day in sorted(wall.dates))
    return [Occurrence(day, each) for day, each in due if each and since < each <= until]


def around(change: datetime, zone: str, *, pace: timedelta, days: int = 2) -> int:
    """Compare chain and wall for every clock time around one change; return how many."""
    since, until = change - DAY * days, change + DAY * days
    # Longer than the chain, so that a date at its end is not half seen.
    wall = watch(zone, since - 2 * DAY, until + 2 * DAY, pace=pace)
    times = clock_times(zone, change, pace)
    for at in times:
        right = judged(wall, at, since, until)
        assert right, f"{zone} at {at}"
        made = list(chain(zone, at, since, until))
        assert made == right, f"{zone} at {at} around {change}"
        assert len({day for day, _due in made}) == len(made)
    return len(times)


def test_what_a_person_can_choose_is_among_them() -> None:
    assert set(zones()) <= set(names())
    assert len(names()) > 400


def test_every_change_in_every_zone_keeps_one_reminder_a_date_at_the_right_instant() -> None:
    seen, tried = 0, 0
    for zone in names():
        for change in changes(zone, NOW, NOW + YEARS):
            assert change.minute % 15 == 0, f"{zone} needs a closer look than every quarter"
            tried += around(change, zone, pace=QUARTER)
            seen += 1
    # Europe and North America alone change some hundred zones twice a year.
    assert seen > 600
    assert tried > 10 * seen


def test_between_its_changes_a_zone_is_as_regular_as_it_looks() -> None:
    for number, zone in enumerate(names()):
        since = NOW + DAY * (number * 7 % 1000)
        wall = watch(zone, since - 2 * DAY, since + 4 * DAY, pace=QUARTER)
        right = judged(wall, time(18, 30), since, since + 2 * DAY)
        assert list(chain(zone, time(18, 30), since, since + 2 * DAY)) == right


def kinds() -> list[tuple[str, datetime]]:
    """Return one change of each kind to come: the wall's time before it, and by how much."""
    found: dict[tuple[time, timedelta], tuple[str, datetime]] = {}
    for zone in names():
        for change in changes(zone, NOW, NOW + timedelta(days=366)):
            wall, then = shown(change, zone), shown(change - MINUTE, zone) + MINUTE
            found.setdefault((then.time(), wall - then), (zone, change))
    return list(found.values())


def test_one_change_of_each_kind_holds_to_the_minute() -> None:
    found = kinds()
    assert len(found) > 8
    for zone, change in found:
        around(change, zone, pace=MINUTE)


@pytest.mark.parametrize(("zone", "near"), LONG_AGO)
def test_the_hardest_changes_there_were(zone: str, near: datetime) -> None:
    change = next(changes(zone, near - 2 * DAY, near + 2 * DAY))
    assert change == near
    around(change, zone, pace=MINUTE, days=3)


def test_a_date_left_out_has_no_reminder() -> None:
    made = chain(
        "Pacific/Apia",
        time(18, 30),
        datetime(2011, 12, 28, tzinfo=UTC),
        datetime(2012, 1, 2, tzinfo=UTC),
    )
    days = [each.day.day for each in made]
    assert days == [27, 28, 29, 31, 1]


def sampled() -> list[tuple[str, datetime]]:
    """Return some changes to come, of different kinds, and what was left out of long ago."""
    return [*kinds()[::3], LONG_AGO[0], LONG_AGO[3], LONG_AGO[15], LONG_AGO[19]]


@pytest.mark.django_db
def test_the_promises_in_the_database_are_the_same(ana: Partner) -> None:
    ritual = greeting_of(ana)
    ritual.schedules.update(valid_from=date(1990, 1, 1))
    for zone, change in sampled():
        since, until = change - 2 * DAY, change + 2 * DAY
        wall = watch(zone, since - 2 * DAY, until + 2 * DAY, pace=QUARTER)
        ana.keep_clock(zone, now=since)
        for at in sorted(clock_times(zone, change, QUARTER))[::3]:
            Reminder.objects.all().delete()
            ReminderTime.keep(ritual=ritual, by=ana, at=at, now=since)
            right = judged(wall, at, since, until)
            assert list(promised(until)) == right, f"{zone} at {at} around {change}"


def promised(until: datetime) -> Iterator[Occurrence]:
    """Settle one promise after another as sent, in the instant it is due, and yield each."""
    source = RitualReminders()
    while True:
        promise = Reminder.objects.standing().get()
        if promise.due_at > until:
            return
        assert source.wanted(promise, now=promise.due_at)
        assert not source.wanted(promise, now=promise.due_at - MINUTE)
        promise.settled_at, promise.outcome = promise.due_at, Outcome.SENT
        promise.save()
        source.follow(promise, now=promise.due_at)
        yield Occurrence(date.fromisoformat(promise.occasion), promise.due_at)


def test_a_zone_of_the_judge_is_read_off_and_not_reckoned() -> None:
    """The judge itself: what everybody knows of Berlin."""
    spring = datetime(2026, 3, 29, 1, tzinfo=UTC)
    wall = watch("Europe/Berlin", spring - DAY, spring + DAY)
    assert wall.first_at(date(2026, 3, 29), time(2, 30)) == spring
    autumn = datetime(2026, 10, 25, 1, tzinfo=UTC)
    wall = watch("Europe/Berlin", autumn - DAY, autumn + DAY)
    assert wall.first_at(date(2026, 10, 25), time(2, 30)) == autumn - 2 * QUARTER
    assert shown(autumn, "Europe/Berlin").hour == 2
