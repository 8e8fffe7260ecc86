"""One reminder before the date, to the one who was asked.

Promised in the transaction that asks, dropped in the one that answers. Its occasion is the same
for the whole life of an ask, so that there is never a second one, however often dates or offers
move.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from couples.days import DAY, instant
from couples.models import Partner, Reminder
from rituals.asks.flow import Stage
from rituals.models.mute import Mute

if TYPE_CHECKING:
    from rituals.asks.models.ask import Ask

KIND = "ask"
OCCASION = "once"
THE_EVENING_BEFORE, THE_SAME_MORNING = time(18), time(9)
"""By the clock of the one who was asked; outside the quiet hours everybody begins with."""


def plan(ask: Ask, *, now: datetime, moved: bool = False) -> None:
    """Promise the reminder while it can still help, and drop it otherwise.

    `moved` says that a clock has changed, which may have passed by the hour that was promised.
    """
    asked = next((each for each in ask.couple.together if each.pk != ask.author_id), None)
    day = ask.question.answer_by
    due = None
    if asked and day and awaits_answer(ask, asked):
        standing = Reminder.objects.standing().filter(kind=KIND, subject=ask.pk)
        # Due and not out yet, or passed by: it comes at the next hour left, or now, while it helps.
        late = (standing if moved else standing.filter(due_at__lte=now)).exists()
        due = _due(day, zone=asked.person.time_zone, now=now, late=late)
    if asked is None or day is None or due is None:
        Reminder.drop(now=now, kind=KIND, subject=ask.pk)
        return
    Reminder.promise(
        person=asked.person,
        couple=ask.couple,
        kind=KIND,
        subject=ask.pk,
        occasion=OCCASION,
        due_at=due,
        useful_until=_end(day, zone=asked.person.time_zone),
    )


def awaits_answer(ask: Ask, asked: Partner) -> bool:
    """True while the one who was asked has not answered, and has not muted it."""
    muted = Mute.objects.filter(partner=asked, subject=ask.pk).exists()
    return ask.stage == Stage.ASKED and not muted


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan the reminders of what this partner was asked anew, after their clock has changed."""
    asked_of_me = partner.couple.asks.filter(stage=Stage.ASKED).exclude(author=partner)
    for ask in asked_of_me:
        ask.couple = partner.couple
        plan(ask, now=now, moved=True)


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
