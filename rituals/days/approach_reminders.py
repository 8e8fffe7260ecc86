"""Whether a message that the other is on the way, or heading out, is still wanted.

Delivery asks this source; the promise itself is made and deleted in models/approach.py.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from couples.delivery.sources import Source
from couples.models import Partner, Reminder
from rituals.days.models.approach import KIND, TAKEN_BACK, Approach


class ApproachReminders(Source):
    """The source that delivery asks about what was told (couples/delivery/sources.py)."""

    kind = KIND
    about = _("Your partner is on the way, or heading out")
    starts, on_at_start = True, False

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True until they have arrived or taken it back, while both are in the couple."""
        stands = Approach.objects.exclude(kind=TAKEN_BACK)
        told = stands.filter(pk=reminder.subject, until__gt=now).first()
        both = Partner.objects.live().filter(couple=reminder.couple_id, person__is_active=True)
        to = both.filter(person=reminder.person_id)
        return told is not None and to.exclude(pk=told.partner_id).exists()

    def follow(self, reminder: Reminder, *, now: datetime) -> None:  # noqa: ARG002 - any time
        """Delete the promise that was settled just now: what was told is kept nowhere."""
        Reminder.objects.filter(pk=reminder.pk).erase()
