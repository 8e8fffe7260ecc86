"""Whether the reminder of a principle is still wanted.

Delivery asks this source; the promise itself is planned in models/lapse_promise.py.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from couples.delivery.sources import Source
from couples.models import Partner, Person, Reminder
from couples.principles.models.lapse_promise import KIND, occasion, replan, signed


class LapseReminders(Source):
    """The source that delivery asks about principles (couples/delivery/sources.py)."""

    kind = KIND
    about = _("A principle you signed, a week before it lapses")
    starts, on_at_start = True, False

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while this person's name is what ends on that day, and the principle in force."""
        place = Partner.objects.live().select_related("couple", "person")
        me = place.filter(person=reminder.person_id, couple=reminder.couple_id).first()
        if me is None or not me.person.is_active or reminder.due_at > now:
            return False
        names = signed(me, me.couple.wordings.filter(pk=reminder.subject), now=now)
        return any(occasion(name) == reminder.occasion for name in names)

    def chosen(self, person: Person, *, now: datetime) -> None:
        """Promise what is to come about all that this person has signed."""
        place = Partner.objects.live().with_keys().filter(person=person).first()
        if place:
            with transaction.atomic():
                place.couple.lock()
                replan(place, now=now)
