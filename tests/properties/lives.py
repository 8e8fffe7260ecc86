"""Some days of somebody who moves and changes their mind, lived twice.

Once through the app's own models, in which promises are settled as delivery does it; once by
looking at the wall every few minutes (tests/properties/by_the_wall.py). `live_by(seed)` makes up
such a life, for whoever wants many.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from couples.delivery.models.reminder import Outcome
from couples.models import Couple, Partner, Person, Reminder
from couples.zones import zones
from rituals.days.models.design import choose_weekdays
from rituals.days.reminders import RitualReminders
from rituals.models import ReminderTime, Ritual
from tests.properties.by_the_wall import DAY, EVERY_DAY, LONG_BEFORE, PACE, Life, Looked, Step
from tests.properties.wall_clock import changes

FIRST, YEARS = datetime(2026, 12, 1, tzinfo=UTC), 3 * 365

FAR_APART = [
    "America/New_York",
    "America/Nuuk",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
]


@dataclass
class Compared:
    """What went out, and what should have: the date in the key, and the instant."""

    sent: list[tuple[date, datetime]] = field(default_factory=list)
    right: list[tuple[date, datetime]] = field(default_factory=list)

    @property
    def lost(self) -> list[tuple[date, datetime]]:
        """What should have gone out on a date and instant, and did not."""
        return [each for each in self.right if each not in self.sent]

    @property
    def doubled(self) -> list[tuple[date, datetime]]:
        """What went out for a date that had its own already, or for none that had one due."""
        times = Counter(day for day, _now in self.sent)
        return [each for each in self.sent if times[each[0]] > 1 or each not in self.right]


def live(life: Life) -> Compared:
    """Live this life both ways, with a couple of its own. Needs the database."""
    return Compared(sent=_Lived(life).sent, right=Looked(life).right)


def live_by(seed: int) -> Compared:
    """Live a life made up from `seed`: the same every time."""
    return live(made_up(seed))


def made_up(seed: int) -> Life:
    """Make up a life that begins shortly before its zone changes its clocks, if it ever does."""
    chance = random.Random(seed)  # noqa: S311 - makes up a test
    everywhere = zones()

    def somewhere() -> str:
        return chance.choice(FAR_APART if chance.random() < 0.5 else everywhere)

    def sometime() -> time:
        return time(chance.randrange(24), chance.randrange(0, 60, 5))

    def step() -> Step:
        wait = chance.randrange(1, 500)
        match chance.randrange(6):
            case 0 | 1:
                return Step(wait, zone=somewhere())
            case 2 | 3:
                return Step(wait, at=sometime())
            case 4:
                return Step(wait, weekdays=chance.randrange(1, EVERY_DAY + 1))
            case _:
                return Step(wait, silence=chance.randrange(1, 600))

    zone = somewhere()
    since = FIRST + DAY * chance.randrange(YEARS)
    change = next(changes(zone, since, since + 366 * DAY), since)
    since = change - PACE * chance.randrange(1, 500)
    steps = tuple(step() for _ in range(chance.randrange(1, 7)))
    return Life(since, zone, sometime(), steps)


# --- Through the app -----------------------------------------------------------------------------


class _Lived:
    """The life as the app's models have it."""

    def __init__(self, life: Life) -> None:
        self.now = life.since
        self.sent: list[tuple[date, datetime]] = []
        self.source = RitualReminders()
        who = Person.objects.create_user(f"{uuid.uuid4()}@example.com", time_zone=life.zone)
        self.place = Couple.start(by=who, day_zone="UTC").pk
        self.ritual.schedules.update(valid_from=LONG_BEFORE)
        self._keep(life.at)
        for step in life.steps:
            self._wait(step.wait)
            self._take(step)
            self.now += PACE * step.silence
            self._send()
        self._wait(3 * DAY // PACE)

    @property
    def me(self) -> Partner:
        """As the next request would find them."""
        return Partner.objects.select_related("couple", "person").get(pk=self.place)

    @property
    def ritual(self) -> Ritual:
        return Ritual.objects.get(couple__partners=self.place, kind="greeting")

    def _keep(self, at: time | None) -> None:
        ReminderTime.keep(ritual=self.ritual, by=self.me, at=at, now=self.now)

    def _take(self, step: Step) -> None:
        me = self.me
        if step.zone:
            me.keep_clock(step.zone, now=self.now)
            self._send()  # what the move has passed by, before anything else is changed
        if step.at or step.never:
            self._keep(step.at)
        if step.weekdays:
            today = me.couple.today(self.now)
            choose_weekdays(self.ritual, by=me, weekdays=step.weekdays, start=today, now=self.now)

    def _wait(self, paces: int) -> None:
        """Let time pass, and every promise be settled in the instant in which it is due."""
        until = self.now + PACE * paces
        while (promise := self._standing()) and promise.due_at <= until:
            self.now = max(self.now, promise.due_at)
            self._settle(promise)
        self.now = until

    def _send(self) -> None:
        """Settle what is due by now."""
        while (promise := self._standing()) and promise.due_at <= self.now:
            self._settle(promise)

    def _standing(self) -> Reminder | None:
        """The one promise there is, if any; two would be one too many."""
        standing = list(Reminder.objects.standing().filter(subject=self.ritual.pk))
        assert len(standing) < 2
        return next(iter(standing), None)

    def _settle(self, promise: Reminder) -> None:
        """As a turn of delivery does it (couples/delivery/turn.py)."""
        assert self.now >= promise.due_at
        if self.now >= promise.useful_until:
            promise.outcome = Outcome.LAPSED
        elif not self.source.wanted(promise, now=self.now):
            promise.outcome = Outcome.DROPPED
        else:
            promise.outcome = Outcome.SENT
            self.sent.append((date.fromisoformat(promise.occasion), self.now))
        promise.settled_at = self.now
        promise.save()
        self.source.follow(promise, now=self.now)
