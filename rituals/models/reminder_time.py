"""When each partner wants to be reminded of a ritual, and the one promise that follows.

Only the next occurrence is stored. Its local date is fixed when the promise is made, so that a
move between time zones can shift the instant but never double the day.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from django.db import models, transaction

from couples.clock import database_now
from couples.days import DAY, instant
from couples.models import Couple, Partner, Reminder
from couples.models.reminder import Outcome, ReminderQuerySet
from rituals.models.ritual import Ritual
from rituals.occurrences import USEFUL, Occurrence, next_to_come, occurrences

KIND = "ritual"

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


def plan(ritual: Ritual, partner: Partner, *, now: datetime, passed_by: date | None = None) -> None:
    """Make the next wanted occurrence the only standing promise; drop any other.

    Call it in the transaction that changed a time, a mark, a weekday or a place in the couple.
    Dates from `passed_by` on were still to come when this was last planned; one whose time has
    been passed by since (the clock was moved ahead, or nobody was there to send) goes out now, if
    it still helps.
    """
    person = partner.person
    standing = _promises(ritual, partner).standing()
    time_set = ReminderTime.objects.filter(ritual=ritual, partner=partner).first()
    found = _next(ritual, partner, time_set.at, now=now, passed_by=passed_by) if time_set else None
    if found is None:
        standing.update(settled_at=now, outcome=Outcome.DROPPED)
        return
    occasion = found.day.isoformat()
    standing.exclude(occasion=occasion).update(settled_at=now, outcome=Outcome.DROPPED)
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
    for time_set in partner.ritual_times.select_related("ritual"):
        standing = _promises(time_set.ritual, partner).standing().values_list("occasion", flat=True)
        passed_by = min(map(date.fromisoformat, standing), default=None)
        plan(time_set.ritual, partner, now=now, passed_by=passed_by)


def _promises(ritual: Ritual, partner: Partner) -> ReminderQuerySet:
    return Reminder.objects.filter(person=partner.person, kind=KIND, subject=ritual.pk)


def _next(
    ritual: Ritual, partner: Partner, at: time, *, now: datetime, passed_by: date | None
) -> Occurrence | None:
    """Return the next occurrence of `at` on this partner's clock that is to go out, if any."""
    first = now.date() - DAY
    rests = list(partner.couple.rests.standing().filter(last_day__gte=first - DAY))
    # Behind a rest the search goes on, or nothing would ever plan the first day after it.
    rested = sum((rest.last_day - rest.first_day).days + 1 for rest in rests)
    known = _promises(ritual, partner).filter(occasion__gte=first.isoformat())
    spent = known.exclude(settled_at=None).exclude(outcome=Outcome.DROPPED)
    # Due and not out yet, because a mail server takes its time: that one comes before the next.
    due = known.standing().filter(due_at__lte=now, useful_until__gt=now)
    pending = _dates(due)

    def wanted(due: datetime) -> bool:
        today = partner.couple.today(due)
        return not any(today in rest for rest in rests) and open_on(ritual, partner, due)

    return next_to_come(
        occurrences(at, zone=partner.person.time_zone, first=first, days=LOOK_AHEAD + rested),
        now=now,
        spent=_dates(spent),
        late=lambda day: day in pending or (passed_by is not None and day >= passed_by),
        wanted=wanted,
    )


def _dates(found: ReminderQuerySet) -> set[date]:
    return {date.fromisoformat(each) for each in found.values_list("occasion", flat=True)}


def open_on(ritual: Ritual, partner: Partner, due: datetime) -> bool:
    """True when the ritual is planned on the couple's day at `due`, no rest, and not marked yet."""
    day = partner.couple.today(due)
    resting = partner.couple.rests.standing().filter(first_day__lte=day, last_day__gte=day)
    if not ritual.planned_on(day) or resting.exists():
        return False
    marks = partner.marks.filter(taken_back_at=None)
    return not marks.filter(moment__ritual=ritual, moment__date=day).exists()
