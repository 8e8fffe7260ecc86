"""Whether a weekly reminder is still wanted, and what follows it.

Delivery asks these sources, one for each kind; rituals/models/weekly.py plans the promises.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from couples.delivery.sources import Source
from couples.models import Partner, Person, Reminder
from rituals.models.weekly import OurTime, PulseWeek, Weekly, plan_for


class _Weekly(Source):
    """What both answer alike."""

    of: type[Weekly]
    starts, on_at_start = True, False

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True on its day, unless it is done already or the two rest."""
        place = _place(reminder)
        week = date.fromisoformat(reminder.occasion)
        return place is not None and self.of(place).open_in(week, now=now)

    def follow(self, reminder: Reminder, *, now: datetime) -> None:
        """Store the next one after one was settled."""
        if place := _place(reminder):
            plan_for([place], self.of, now=now)

    def chosen(self, person: Person, *, now: datetime) -> None:
        """Store the first one."""
        place = Partner.objects.live().with_keys().filter(person=person).first()
        if place:
            with transaction.atomic():
                place.couple.lock()
                plan_for([place], self.of, now=now)


class OurTimeReminders(_Weekly):
    """Our time, to those who chose it, in a week in which the two have not had it yet."""

    kind, of = OurTime.kind, OurTime
    about = _("Our time, once a week until you have had it")

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while it is open, and somebody is there to sit down with."""
        place = _place(reminder)
        alone = place is None or place.practises_alone(place.couple.today(now)) or not place.other
        return not alone and super().wanted(reminder, now=now)


class PulseReminders(_Weekly):
    """The weekly pulse, to those who chose it; whether the other has answered changes nothing."""

    kind, of = PulseWeek.kind, PulseWeek
    about = _("The three sentences of the week, while you can answer them")


def _place(reminder: Reminder) -> Partner | None:
    """Return the place to which this promise was made, if it still stands."""
    places = Partner.objects.live().with_keys().filter(couple=reminder.subject)
    return places.filter(person=reminder.person_id, person__is_active=True).first()
