"""One reminder before a principle lapses, to the one whose signature ends.

Planned in the transaction that signs, ends or replaces a name, and only for those who chose it. Its
occasion is the day on which the signature lapses: signed again for longer, it is another one.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet

from couples.days import DAY, instant
from couples.delivery.models.chosen import who_chose
from couples.delivery.models.reminder import Reminder
from couples.models.couple import Couple, Partner
from couples.principles.models.signature import Signature

KIND = "lapsing"
AHEAD, AT_LAST = 7 * DAY, DAY
"""A week before, while the page offers to sign again and there is an evening to talk about it; the
day before when somebody signed, or chose to be told, later than that."""

EVENING = time(18)
"""By the clock of whoever is reminded; outside the quiet hours everybody begins with."""


def plan_for(couple: Couple, wordings: QuerySet[Any], *, now: datetime) -> None:
    """Plan anew what either is told about these wordings; the couple is locked."""
    for partner in who_chose(KIND, couple.together):
        plan(partner, wordings, now=now)


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan this partner's reminders of all principles anew, after their clock has changed."""
    for each in who_chose(KIND, [partner]):
        plan(each, each.couple.wordings.all(), now=now)


def plan(partner: Partner, wordings: QuerySet[Any], *, now: datetime) -> None:
    """Promise what is to come about these wordings, and drop what does not hold any more."""
    standing = Reminder.objects.standing().filter(
        couple=partner.couple,
        person=partner.person_id,
        kind=KIND,
        subject__in=wordings.values("pk"),
    )
    names = {(name.version_id, occasion(name)): name for name in signed(partner, wordings, now=now)}
    found = {(each.subject, each.occasion): each for each in standing}
    over = [found[key].pk for key in found.keys() - names.keys()]
    if over:
        Reminder.objects.filter(pk__in=over).drop_standing(now=now)
    for key, name in names.items():
        # Due and not out yet, because a mail server takes its time: it stays as it is.
        if key not in found or found[key].due_at > now:
            _promise(partner, name, now=now)


def signed(partner: Partner, wordings: QuerySet[Any], *, now: datetime) -> list[Signature]:
    """Return the signatures of `partner` under those wordings that are in force at `now`."""
    these = partner.couple.wordings.filter(pk__in=wordings.values("pk"))
    in_force = these.in_force(partner.couple.today(now)).values("pk")
    names = Signature.objects.filter(couple=partner.couple, partner=partner, ended_at=None)
    return list(names.filter(version__in=in_force))


def occasion(name: Signature) -> str:
    """Return what there is one reminder for."""
    return name.lapses_on.isoformat()


def _promise(partner: Partner, name: Signature, *, now: datetime) -> None:
    zone, couple = partner.person.time_zone, partner.couple
    ends = instant(name.lapses_on, couple.day_start, zone=couple.day_zone)
    evenings = (instant(name.lapses_on - days, EVENING, zone=zone) for days in (AHEAD, AT_LAST))
    due = next((each for each in evenings if now < each < ends), None)
    if due is None:
        Reminder.drop(
            now=now,
            kind=KIND,
            subject=name.version_id,
            person=partner.person_id,
            occasion=occasion(name),
        )
        return
    Reminder.promise(
        person=partner.person,
        couple=couple,
        kind=KIND,
        subject=name.version_id,
        occasion=occasion(name),
        due_at=due,
        useful_until=ends,
    )
