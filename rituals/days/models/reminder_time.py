"""When each partner wants to be reminded of a ritual, and the one promise that follows.

Only the next occurrence is stored. Its local date is fixed when the promise is made, so that a
move between time zones can shift the instant but never double the day.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from couples.clock import database_now
from couples.days import DAY, instant
from couples.delivery.models.reminder import Outcome
from couples.models import Couple, Partner, Reminder
from rituals.days.models.ritual import Kind, Ritual
from rituals.days.occurrences import USEFUL, Occurrence, next_to_come, occurrences

KIND = "ritual"

GREETING_AT = time(18, 30)
"""When both are reminded of saying hi until they choose another time or none: towards evening, when
many come home, and hours before anybody's quiet ones."""

LOOK_AHEAD = 15
"""Days searched for the next occurrence: two whole weeks and the day itself."""


FAR = 2 * DAY
"""How far apart the same instant's dates can be, for a couple and for one of the two."""


class ReminderTime(models.Model):
    """When one partner wants to be reminded of one ritual, on the clock of their own zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    ritual = models.ForeignKey(Ritual, on_delete=models.CASCADE, related_name="times")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="ritual_times")
    at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "partner", "ritual"], name="one_time_a_partner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ritual_id} at {self.at}"

    @classmethod
    def keep(
        cls, *, ritual: Ritual, by: Partner, at: time | None, now: datetime | None = None
    ) -> None:
        """Remind `by` of this ritual at the clock time `at` of their zone; None means never."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if at is None:
                cls.objects.filter(ritual=ritual, partner=by).delete()
            else:
                cls.objects.update_or_create(
                    ritual=ritual, partner=by, defaults={"at": at, "couple": by.couple}
                )
            plan(ritual, by, now=now)

    def due_on(self, day: date) -> datetime:
        """Return the instant, in UTC, at which this time falls on the local date `day`."""
        return instant(day, self.at, zone=self.partner.person.time_zone)


def begin_with_greeting(couple: Couple, *, now: datetime) -> None:
    """Remind each of the two of the greeting from now on, at GREETING_AT by their own clock.

    Call it in the transaction that makes them two. Whoever waits alone is not reminded of a hello
    that nobody hears; a time they set themselves meanwhile stays.
    """
    greeting = couple.rituals.live().get(kind=Kind.GREETING)
    for partner in Partner.objects.live().with_keys().filter(couple=couple):
        ReminderTime.objects.get_or_create(
            ritual=greeting, partner=partner, defaults={"at": GREETING_AT, "couple": couple}
        )
        plan(greeting, partner, now=now)


def plan(ritual: Ritual, partner: Partner, *, now: datetime, passed_by: date | None = None) -> None:
    """Make the next wanted occurrence the only standing promise; drop any other.

    Call it in the transaction that changed a time, a mark, a weekday or a place in the couple.
    Dates from `passed_by` on were still to come when this was last planned; one whose time has
    been passed by since (the clock was moved ahead, or nobody was there to send) goes out now, if
    it still helps.
    """
    time_set = ReminderTime.objects.filter(ritual=ritual, partner=partner).first()
    if time_set is None:
        of_this = Reminder.objects.filter(person=partner.person, kind=KIND, subject=ritual.pk)
        of_this.drop_standing(now=now)
        return
    # Their weekdays, couple and clock have been read already.
    time_set.ritual, time_set.partner = ritual, partner
    plan_all({time_set: passed_by}, now=now)


def plan_all(times: Mapping[ReminderTime, date | None], *, now: datetime) -> None:
    """Plan each of these times, with the dates that passed it by.

    As many queries as for one, but for an occasion that was promised before at another time.
    """
    since = now.date() - DAY
    around, promised = Around.of(times, since=since), promises_of(times, kind=KIND, since=since)
    over, made = [], []
    for time_set, passed_by in times.items():
        known = promised[time_set]
        found = _next(time_set, known, around, now=now, passed_by=passed_by)
        occasion = found.day.isoformat() if found else ""
        standing = [each for each in known if each.settled_at is None]
        over += [each.pk for each in standing if each.occasion != occasion]
        if found:
            promise = Reminder(**_promise(time_set, found))
            same = next((each for each in known if each.occasion == occasion), None)
            if same is None:
                made.append(promise)
            elif same.settled_at or same.times != promise.times:
                Reminder.promise(**_promise(time_set, found))
    if over:
        Reminder.objects.filter(pk__in=over).drop_standing(now=now)
    if made:
        # Whoever plans has locked the couple; nobody else has promised the same meanwhile.
        Reminder.objects.bulk_create(made)


def _promise(time_set: ReminderTime, found: Occurrence) -> dict[str, Any]:
    return {
        "person": time_set.partner.person,
        "couple": time_set.partner.couple,
        "kind": KIND,
        "subject": time_set.ritual_id,
        "occasion": found.day.isoformat(),
        "due_at": found.due,
        "useful_until": found.due + USEFUL,
    }


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan all reminders of one partner anew, after their clock has changed."""
    mine = Reminder.objects.standing().filter(person=partner.person, kind=KIND)
    first: dict[uuid.UUID, date] = {}
    for subject, occasion in mine.values_list("subject", "occasion"):
        day = date.fromisoformat(occasion)
        first[subject] = min(day, first.get(subject, day))
    kept = partner.ritual_times.filter(ritual__ended_at=None).select_related("ritual")
    times = list(kept.prefetch_related("ritual__schedules"))
    for time_set in times:
        time_set.partner = partner
    plan_all({each: first.get(each.ritual_id) for each in times}, now=now)


def _next(
    time_set: ReminderTime,
    known: list[Reminder],
    around: Around,
    *,
    now: datetime,
    passed_by: date | None,
) -> Occurrence | None:
    """Return the next occurrence on this partner's clock that is to go out, if any."""
    partner = time_set.partner
    spent = {_day(each) for each in known if each.settled_at and each.outcome != Outcome.DROPPED}
    # Due and not out yet, because a mail server takes its time: that one comes before the next.
    standing = [each for each in known if each.settled_at is None]
    pending = {_day(each) for each in standing if each.due_at <= now < each.useful_until}
    # Behind a rest the search goes on, or nothing would ever plan the first day after it.
    rests = around.rests[partner.couple_id]
    rested = sum((rest.last_day - rest.first_day).days + 1 for rest in rests)
    zone, days = partner.person.time_zone, LOOK_AHEAD + rested
    return next_to_come(
        occurrences(time_set.at, zone=zone, first=now.date() - DAY, days=days),
        now=now,
        spent=spent,
        late=lambda day: day in pending or (passed_by is not None and day >= passed_by),
        wanted=lambda due: around.is_open(time_set, due),
    )


def _day(reminder: Reminder) -> date:
    return date.fromisoformat(reminder.occasion)


# --- Asked for many of them at once ------------------------------------------------------------


def _model(name: str) -> Any:
    """Return a model by its name: marks and rests plan reminders, so they import this file."""
    return apps.get_model("rituals", name)


def promises_of(
    times: Collection[ReminderTime], *, kind: str, since: date
) -> dict[ReminderTime, list[Reminder]]:
    """Return what was promised for each of these times, those settled before `since` left out."""
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Reminder]] = defaultdict(list)
    made = Reminder.objects.filter(
        Q(settled_at=None) | Q(occasion__gte=since.isoformat()),
        kind=kind,
        person__in=[each.partner.person_id for each in times],
        subject__in=[each.ritual_id for each in times],
    )
    for promise in made:
        found[promise.person_id, promise.subject].append(promise)
    return {each: found[each.partner.person_id, each.ritual_id] for each in times}


@dataclass(frozen=True)
class Around:
    """What stands around some times: rests and marks, from a day on."""

    rests: dict[uuid.UUID, list[Any]]
    marked: set[tuple[uuid.UUID, uuid.UUID, date]]

    @classmethod
    def of(cls, times: Collection[ReminderTime], *, since: date) -> Around:
        """Ask once for all of them, in two queries."""
        partners = [each.partner for each in times]
        rests: dict[uuid.UUID, list[Any]] = defaultdict(list)
        couples = [partner.couple_id for partner in partners]
        # A couple's day can lie two days behind a far partner's: by its zone, and by its start.
        resting = _model("RestRange").objects.standing().filter(couple__in=couples)
        for rest in resting.filter(last_day__gte=since - FAR):
            rests[rest.couple_id].append(rest)
        marks = (
            _model("Mark")
            .objects.standing()
            .filter(
                couple__in=couples,
                partner__in=partners,
                moment__ritual__in=[each.ritual_id for each in times],
                moment__date__gte=since - FAR,
            )
        )
        return cls(rests, set(marks.values_list("partner", "moment__ritual", "moment__date")))

    def is_open(self, time_set: ReminderTime, due: datetime) -> bool:
        """True when the ritual is planned on the couple's day at `due`, no rest, not marked yet."""
        partner, ritual = time_set.partner, time_set.ritual
        day = partner.couple.today(due)
        resting = any(day in rest for rest in self.rests[partner.couple_id])
        marked = (partner.pk, ritual.pk, day) in self.marked
        return ritual.planned_on(day) and not resting and not marked
