"""What stands around times of reminders, asked for many of them at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from couples.days import DAY
from couples.models import Reminder

if TYPE_CHECKING:
    from rituals.days.models.reminder_time import ReminderTime
    from rituals.days.models.rest import RestRange


FAR = 2 * DAY
"""How far apart the same instant's dates can be, for a couple and for one of the two."""


def _model(name: str) -> Any:
    """Return a model by its name: marks and rests plan reminders, so they import this room."""
    return apps.get_model("rituals", name)


def promises_of(
    times: Collection[ReminderTime], *, kind: str, since: date
) -> dict[ReminderTime, list[Reminder]]:
    """Return what was promised for each of these times, those settled before `since` left out."""
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Reminder]] = defaultdict(list)
    made = Reminder.objects.filter(
        Q(settled_at=None) | Q(occasion__gte=since.isoformat()),
        kind=kind,
        person__in=[each.partner.person_id for each in times],
        subject__in=[each.ritual_id for each in times],
    )
    for promise in made:
        found[promise.person_id, promise.subject].append(promise)
    return {each: found[each.partner.person_id, each.ritual_id] for each in times}


@dataclass(frozen=True)
class Around:
    """What stands around some times: rests and marks, from a day on."""

    rests: dict[uuid.UUID, list[RestRange]]
    marked: set[tuple[uuid.UUID, uuid.UUID, date]]

    @classmethod
    def of(cls, times: Collection[ReminderTime], *, since: date) -> Around:
        """Ask once for all of them, in two queries."""
        partners = [each.partner for each in times]
        rests: dict[uuid.UUID, list[RestRange]] = defaultdict(list)
        couples = [partner.couple_id for partner in partners]
        # A couple's day can lie two days behind a far partner's: by its zone, and by its start.
        resting = _model("RestRange").objects.standing().filter(couple__in=couples)
        for rest in resting.filter(last_day__gte=since - FAR):
            rests[rest.couple_id].append(rest)
        marks = (
            _model("Mark")
            .objects.standing()
            .filter(
                couple__in=couples,
                partner__in=partners,
                moment__ritual__in=[each.ritual_id for each in times],
                moment__date__gte=since - FAR,
            )
        )
        return cls(rests, set(marks.values_list("partner", "moment__ritual", "moment__date")))

    def is_open(self, time_set: ReminderTime, due: datetime) -> bool:
        """True when the ritual is planned on the couple's day at `due`, no rest, not marked yet."""
        partner, ritual = time_set.partner, time_set.ritual
        day = partner.couple.today(due)
        resting = any(day in rest for rest in self.rests[partner.couple_id])
        marked = (partner.pk, ritual.pk, day) in self.marked
        return ritual.planned_on(day) and not resting and not marked
