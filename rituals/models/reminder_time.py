"""When each partner wants to be reminded of a ritual, and the one promise that follows.

Only the next occurrence is stored. Its local date is fixed when the promise is made, so that a
move between time zones can shift the instant but never double the day.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from django.db import models, transaction
from django.db.models import Q

from couples.clock import database_now
from couples.days import DAY, instant
from couples.models import Couple, Partner, Reminder
from couples.models.reminder import Outcome
from rituals.models.ritual import Kind, Ritual
from rituals.occurrences import USEFUL, Occurrence, next_to_come, occurrences

KIND = "ritual"

GREETING_AT = time(18, 30)
"""When both are reminded of saying hi until they choose another time or none: towards evening, when
many come home, and hours before anybody's quiet ones."""

LOOK_AHEAD = 15
"""Days searched for the next occurrence: two whole weeks and the day itself."""


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
    person = partner.person
    first = (now.date() - DAY).isoformat()
    of_this = Reminder.objects.filter(person=person, kind=KIND, subject=ritual.pk)
    known = list(of_this.filter(Q(settled_at=None) | Q(occasion__gte=first)))
    time_set = ReminderTime.objects.filter(ritual=ritual, partner=partner).first()
    if time_set:
        time_set.ritual = ritual  # its weekdays have been read already
    found = _next(time_set, partner, known, now=now, passed_by=passed_by) if time_set else None
    occasion = found.day.isoformat() if found else ""
    others = [each.pk for each in known if each.settled_at is None and each.occasion != occasion]
    if others:
        Reminder.objects.filter(pk__in=others).drop_standing(now=now)
    if found is None:
        return
    Reminder.promise(
        person=person,
        couple=partner.couple,
        kind=KIND,
        subject=ritual.pk,
        occasion=occasion,
        due_at=found.due,
        useful_until=found.due + USEFUL,
    )


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan all reminders of one partner anew, after their clock has changed."""
    mine = Reminder.objects.standing().filter(person=partner.person, kind=KIND)
    for time_set in partner.ritual_times.select_related("ritual"):
        standing = mine.filter(subject=time_set.ritual_id).values_list("occasion", flat=True)
        passed_by = min(map(date.fromisoformat, standing), default=None)
        plan(time_set.ritual, partner, now=now, passed_by=passed_by)


def _next(
    time_set: ReminderTime,
    partner: Partner,
    known: list[Reminder],
    *,
    now: datetime,
    passed_by: date | None,
) -> Occurrence | None:
    """Return the next occurrence on this partner's clock that is to go out, if any.

    `known` are the promises made so far, those settled long ago left out.
    """
    first = now.date() - DAY
    rests = list(partner.couple.rests.standing().filter(last_day__gte=first - DAY))
    # Behind a rest the search goes on, or nothing would ever plan the first day after it.
    rested = sum((rest.last_day - rest.first_day).days + 1 for rest in rests)
    spent = {_day(each) for each in known if each.settled_at and each.outcome != Outcome.DROPPED}
    # Due and not out yet, because a mail server takes its time: that one comes before the next.
    standing = [each for each in known if each.settled_at is None]
    pending = {_day(each) for each in standing if each.due_at <= now < each.useful_until}

    def wanted(due: datetime) -> bool:
        shared = partner.couple.today(due)
        resting = any(shared in rest for rest in rests)
        return not resting and _unmarked(time_set.ritual, partner, shared)

    zone, days = partner.person.time_zone, LOOK_AHEAD + rested
    return next_to_come(
        occurrences(time_set.at, zone=zone, first=first, days=days),
        now=now,
        spent=spent,
        late=lambda day: day in pending or (passed_by is not None and day >= passed_by),
        wanted=wanted,
    )


def _day(reminder: Reminder) -> date:
    return date.fromisoformat(reminder.occasion)


def open_on(ritual: Ritual, partner: Partner, due: datetime) -> bool:
    """True when the ritual is planned on the couple's day at `due`, no rest, and not marked yet."""
    day = partner.couple.today(due)
    resting = partner.couple.rests.standing().filter(first_day__lte=day, last_day__gte=day)
    return _unmarked(ritual, partner, day) and not resting.exists()


def _unmarked(ritual: Ritual, partner: Partner, day: date) -> bool:
    """True when the ritual is planned on the couple's `day`, and this partner's mark is missing."""
    marks = partner.marks.filter(taken_back_at=None)
    return (
        ritual.planned_on(day)
        and not marks.filter(moment__ritual=ritual, moment__date=day).exists()
    )
