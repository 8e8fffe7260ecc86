"""When a ritual's reminder is due, and whether it is still wanted.

Delivery asks this source; the promise itself is planned in rituals/models/reminder_time.py.
"""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from couples.delivery.sources import Source, Time
from couples.models import Partner, Reminder
from rituals.models import ReminderTime
from rituals.models.reminder_time import KIND, open_on, plan
from rituals.models.ritual import rituals_of


class RitualReminders(Source):
    """The source that delivery asks about rituals (couples/delivery/sources.py)."""

    kind = KIND
    about = _("A ritual, at the time you set")
    starts, on_at_start = False, True

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while the time stands, the ritual is kept, and the day is not marked by them."""
        time_set = _time_set(reminder)
        if time_set is None:
            return False
        day = date.fromisoformat(reminder.occasion)
        due = time_set.due_on(day)
        return due <= now and open_on(time_set.ritual, time_set.partner, due)

    def follow(self, reminder: Reminder, *, now: datetime) -> None:
        """Store the next occurrence after one was settled."""
        if time_set := _time_set(reminder):
            plan(time_set.ritual, time_set.partner, now=now)


def times(partner: Partner) -> list[Time]:
    """Return each ritual that is kept, and when this partner is reminded of it."""
    at = {each.ritual_id: each.at for each in partner.ritual_times.all()}
    return [
        Time(
            what=ritual.name,
            when=time_format(at[ritual.pk]) if ritual.pk in at else "",
            address=reverse("rituals"),
        )
        for ritual in rituals_of(partner.couple)
        if ritual.ended_at is None
    ]


def _time_set(reminder: Reminder) -> ReminderTime | None:
    """Return the time this promise came from, if it and everything behind it still stands."""
    return (
        ReminderTime.objects.select_related("ritual", "partner__couple", "partner__person")
        .filter(
            ritual=reminder.subject,
            ritual__ended_at=None,
            partner__person=reminder.person_id,
            partner__ended_at=None,
            partner__person__is_active=True,
        )
        .first()
    )
