"""Whether the reminder of an ask is still wanted.

Delivery asks this source; the promise itself is planned in rituals/asks/models/reminder.py.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from couples.delivery.sources import Source
from couples.models import Partner, Reminder
from rituals.asks.flow import Stage
from rituals.asks.models.ask import Ask
from rituals.asks.models.reminder import KIND, is_muted


class AskReminders(Source):
    """The source that delivery asks about asks (couples/delivery/sources.py)."""

    kind = KIND
    about = _("An ask that waits for your answer, before its day")
    starts, on_at_start = True, False

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while the ask is with this person, who is still in the couple and has an account."""
        ask = Ask.objects.filter(pk=reminder.subject, couple__ended_at=None).first()
        asked = Partner.objects.live().filter(
            person=reminder.person_id, person__is_active=True, couple__asks=reminder.subject
        )
        place = asked.first()
        if ask is None or place is None or reminder.due_at > now:
            return False
        return ask.stage == Stage.ASKED and not is_muted(ask.pk, by=place)
