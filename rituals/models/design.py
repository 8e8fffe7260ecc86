"""Choosing one's rituals: adding one, changing its weekdays from a day on, keeping it no longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.delivery.live import publish
from couples.models import Couple, Partner
from rituals.models.reminder_time import plan
from rituals.models.ritual import EVERY_DAY, Kind, Ritual, RitualSchedule
from rituals.models.weekly import OurTime, plan_for

MOST = 12
"""Rituals a couple can keep at a time; more would fill Today instead of a day."""

AHEAD = timedelta(days=366)
"""How far ahead weekdays can be chosen: a year, whichever way it leaps."""

NO_DAY = 0


class RitualRefused(Exception):
    """Why a ritual cannot be changed like this, in words for the person who tried."""


def add_ritual(
    *, by: Partner, kind: str, weekdays: int, name: str | None = None, now: datetime | None = None
) -> Ritual:
    """Add a ritual to the couple of `by` from today on, and return it.

    `weekdays` are bits, Monday is 1. A second tap finds what the first has added. Raises
    RitualRefused without a weekday, without a name for one in own words, or beyond MOST.
    """
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        kept = list(by.couple.rituals.live())
        for ritual in kept:
            if ritual.kind == kind and (kind != Kind.OWN or ritual.own_name == name):
                return ritual
        _guard(kind=kind, name=name, weekdays=weekdays, kept=len(kept))
        ritual = Ritual.objects.create(
            couple=by.couple, kind=kind, own_name=name if kind == Kind.OWN else None
        )
        _from_day(ritual, by.couple.today(now), weekdays, by=by, now=now)
        _follow(ritual, by.couple, now=now)
        by.acted_on(by.couple.today(now))
        publish(by.couple, "today")
    return ritual


def choose_weekdays(
    ritual: Ritual, *, by: Partner, weekdays: int, start: date, now: datetime | None = None
) -> None:
    """Plan `ritual` on `weekdays` from the couple's day `start` on; the days before stay.

    Weekdays that were to begin later than `start` give way. Raises RitualRefused without a
    weekday, for a day that has passed, or for one more than a year ahead.
    """
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        today = by.couple.today(now)
        _guard(kind=ritual.kind, name=ritual.own_name, weekdays=weekdays, kept=0)
        if not Ritual.objects.filter(pk=ritual.pk, ended_at=None).exists():
            raise RitualRefused(_("You two no longer keep this ritual."))
        if start < today:
            raise RitualRefused(_("What was stays as it was. Choose today or a later day."))
        if start > today + AHEAD:
            raise RitualRefused(_("Please choose a day within the next year."))
        _from_day(ritual, start, weekdays, by=by, now=now)
        _remind(ritual, by.couple, now=now)
        by.acted_on(today)
        publish(by.couple, "today")


def end_ritual(ritual: Ritual, *, by: Partner, now: datetime | None = None) -> None:
    """Keep `ritual` no longer, from today on; its marks and the past stay. Twice changes nothing.

    Raises RitualRefused for the greeting, which everything else leans on.
    """
    if ritual.is_greeting:
        raise RitualRefused(_("Hello stays. You can choose its days."))
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        if Ritual.objects.filter(pk=ritual.pk, ended_at=None).update(ended_at=now):
            _from_day(ritual, by.couple.today(now), NO_DAY, by=by, now=now)
            _remind(ritual, by.couple, now=now)
            by.acted_on(by.couple.today(now))
            publish(by.couple, "today")


def _guard(*, kind: str, name: str | None, weekdays: int, kept: int) -> None:
    if not 0 < weekdays <= EVERY_DAY:
        raise RitualRefused(_("Please choose at least one day."))
    if kind == Kind.OWN and not name:
        raise RitualRefused(_("Please give it a name of your own."))
    if kept >= MOST:
        raise RitualRefused(_("You two keep twelve already. Let one go before you add another."))


def _from_day(ritual: Ritual, start: date, weekdays: int, *, by: Partner, now: datetime) -> None:
    """Let `weekdays` hold from `start` on, whatever was chosen for later."""
    ritual.schedules.filter(valid_from__gte=start).delete()
    RitualSchedule.objects.create(
        couple=by.couple, ritual=ritual, valid_from=start, weekdays=weekdays, by=by, set_at=now
    )


def _remind(ritual: Ritual, couple: Couple, *, now: datetime) -> None:
    """Let the reminders of both follow the new weekdays."""
    kept = Ritual.objects.prefetch_related("schedules").get(pk=ritual.pk)
    for partner in couple.together:
        plan(kept, partner, now=now)
    _follow(ritual, couple, now=now)


def _follow(ritual: Ritual, couple: Couple, *, now: datetime) -> None:
    """Let the reminders of our time follow the days of a weekly time together."""
    if ritual.kind == Kind.WEEKLY:
        plan_for(couple.together, OurTime, now=now)
