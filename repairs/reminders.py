"""Whether a reminder of a repair is still wanted.

Delivery asks these sources, one for each kind; what is promised when is in
repairs/models/promises.py.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from couples.delivery.models.reminder import Outcome
from couples.delivery.sources import Source
from couples.models import Reminder
from repairs.models import Repair, promises


class _Source(Source):
    """What all of them answer alike: it is wanted while it would be planned, and said once."""

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while it still belongs to where the two stand, and its person is one of them."""
        related = Repair.objects.select_related("couple__key")
        repair = related.filter(pk=reminder.subject, couple__ended_at=None).first()
        if repair is None or reminder.due_at > now:
            return False
        state = repair.state(repair.couple.today(now))
        planned = {promise.key: promise for promise in promises.promises(repair.course, state)}
        found = planned.get(promises.key_of(reminder))
        return found is not None and found.to.person.is_active and found.due_at <= now


class Invited(_Source):
    """An invitation, to the one who was invited."""

    kind = promises.INVITED
    about = _("An invitation to come back to something")
    starts, on_at_start = True, True

    def wanted(self, reminder: Reminder, *, now: datetime) -> bool:
        """True while it stands, and nobody has been told of an invitation on the same day yet."""
        told = Reminder.objects.filter(
            person=reminder.person_id, kind=self.kind, occasion=reminder.occasion
        )
        told = told.exclude(pk=reminder.pk).filter(
            outcome__in=[Outcome.SENT, Outcome.TOLD, Outcome.AMBIGUOUS]
        )
        return super().wanted(reminder, now=now) and not told.exists()


class Begins(_Source):
    """A time promised to begin, to both."""

    kind = promises.BEGINS
    about = _("A time you two promised to begin")
    starts, on_at_start = False, True


class Return(_Source):
    """A time to be back, to the one who promised it to themselves."""

    kind = promises.RETURN
    about = _("The end of a break, at the time you said")
    starts, on_at_start = False, True


class OnTheWay(_Source):
    """The next day, on the way back, to each who has not said yet."""

    kind = promises.ON_THE_WAY
    about = _("On the way back: how is it today?")
    starts, on_at_start = True, False


class Holds(_Source):
    """Two days after it was mended, to each who has not said yet."""

    kind = promises.HOLDS
    about = _("Whether a repair holds, two days later")
    starts, on_at_start = True, False


class OpenLong(_Source):
    """A hurt open for three days, once, to each who does not rest."""

    kind = promises.OPEN_LONG
    about = _("A hurt that has been open for three days")
    starts, on_at_start = True, True
