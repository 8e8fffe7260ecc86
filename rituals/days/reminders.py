"""When a ritual's reminder is due, and whether it is still wanted.

Delivery asks this source; the promise itself is planned in rituals/days/models/reminder_time.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from couples.clock_time import clock_time
from couples.days import DAY
from couples.delivery.sources import Source, Time
from couples.models import Partner, Reminder
from rituals.days.models.reminder_time import KIND, Around, plan_all
from rituals.days.models.ritual import rituals_before
from rituals.models import ReminderTime


class RitualReminders(Source):
    """The source that delivery asks about rituals (couples/delivery/sources.py)."""

    kind = KIND
    about = _("A ritual, at the time you set")
    starts, on_at_start = False, True

    def wanted_among(self, reminders: Sequence[Reminder], *, now: datetime) -> set[UUID]:
        """Those whose time stands, whose ritual is kept, and whose day is not marked by them."""
        times = _times_of(reminders)
        around = Around.of(times.values(), since=min(map(_day, reminders)))
        return {
            reminder.pk
            for reminder in reminders
            if (time_set := times.get(_key(reminder)))
            and (due := time_set.due_on(_day(reminder))) <= now
            and around.is_open(time_set, due)
        }

    def follow_all(self, reminders: Sequence[Reminder], *, now: datetime) -> None:
        """Store the next occurrence after each that was settled.

        It may have passed by while nobody was there to settle this one.
        """
        times = _times_of(reminders)
        settled = {time_set: each for each in reminders if (time_set := times.get(_key(each)))}
        plan_all({time: _day(each) + DAY for time, each in settled.items()}, now=now)


def times(partner: Partner) -> list[Time]:
    """Return each ritual that is kept, and when this partner is reminded of it."""
    at = {each.ritual_id: each.at for each in partner.ritual_times.all()}
    return [
        Time(
            what=ritual.name,
            when=clock_time(at[ritual.pk], of=partner.person) if ritual.pk in at else "",
            address=reverse("rituals"),
        )
        for ritual in rituals_before(partner)[0]
        if ritual.ended_at is None
    ]


def _times_of(reminders: Iterable[Reminder]) -> dict[tuple[UUID, UUID], ReminderTime]:
    """Return the times these promises came from, where all that is behind them still stands."""
    found = ReminderTime.objects.select_related(
        "ritual", "partner__couple", "partner__person"
    ).filter(
        ritual__in=[each.subject for each in reminders],
        ritual__ended_at=None,
        partner__person__in=[each.person_id for each in reminders],
        partner__ended_at=None,
        partner__person__is_active=True,
    )
    times = found.prefetch_related("ritual__schedules")
    return {(each.partner.person_id, each.ritual_id): each for each in times}


def _key(reminder: Reminder) -> tuple[UUID, UUID]:
    return reminder.person_id, reminder.subject


def _day(reminder: Reminder) -> date:
    return date.fromisoformat(reminder.occasion)
