"""One reminder before the date, to the one who was asked.

Promised in the transaction that asks, dropped in the one that answers. Its occasion is the same
for the whole life of an ask, so that there is never a second one, however often dates or offers
move.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from couples.days import DAY, instant
from couples.models import Partner, Reminder
from rituals.asks.flow import Stage
from rituals.models.mute import Mute

KIND = "ask"
OCCASION = "once"
THE_EVENING_BEFORE, THE_SAME_MORNING = time(18), time(9)
"""By the clock of the one who was asked; outside the quiet hours everybody begins with."""


def plan(
    subject: UUID, *, asked: Partner | None, day: date | None, now: datetime, moved: bool = False
) -> None:
    """Promise `asked` the reminder of this ask while it can still help, and drop it otherwise.

    `day` is the one by which it wants an answer, None for one that has it. `moved` says that a
    clock has changed, which may have passed by the hour that was promised.
    """
    due = None
    if asked and day and not is_muted(subject, by=asked):
        standing = Reminder.objects.standing().filter(kind=KIND, subject=subject)
        # Due and not out yet, or passed by: it comes at the next hour left, or now, while it helps.
        late = (standing if moved else standing.filter(due_at__lte=now)).exists()
        due = _due(day, zone=asked.person.time_zone, now=now, late=late)
    if asked is None or day is None or due is None:
        Reminder.drop(now=now, kind=KIND, subject=subject)
        return
    Reminder.promise(
        person=asked.person,
        couple=asked.couple,
        kind=KIND,
        subject=subject,
        occasion=OCCASION,
        due_at=due,
        useful_until=_end(day, zone=asked.person.time_zone),
    )


def is_muted(subject: UUID, *, by: Partner) -> bool:
    """True while the one who was asked has muted it."""
    return Mute.objects.filter(partner=by, subject=subject).exists()


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan the reminders of what this partner was asked anew, after their clock has changed."""
    asked_of_me = partner.couple.asks.filter(stage=Stage.ASKED).exclude(author=partner)
    for ask in asked_of_me:
        ask.couple = partner.couple
        ask.plan_reminder(now=now, moved=True)


def _due(day: date, *, zone: str, now: datetime, late: bool) -> datetime | None:
    """Return the evening before, else the morning of the day, else nothing: it would be late.

    One that is `late` already may go out until the day is over.
    """
    evening = instant(day - DAY, THE_EVENING_BEFORE, zone=zone)
    morning = instant(day, THE_SAME_MORNING, zone=zone)
    end = _end(day, zone=zone)
    to_come = [due for due in (evening, morning) if now < due < end]
    if not to_come and late and morning <= now < end:
        return morning
    return next(iter(to_come), None)


def _end(day: date, *, zone: str) -> datetime:
    return instant(day + DAY, time(0), zone=zone)
