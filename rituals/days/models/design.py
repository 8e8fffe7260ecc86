"""Choosing one's rituals: adding one, changing its weekdays from a day on, keeping it no longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.days.models.reminder_time import plan
from rituals.days.models.ritual import EVERY_DAY, Kind, Ritual, RitualSchedule
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
    """Propose a ritual from today on, and return it; it is the couple's once both want it.

    What the other has proposed is taken up by it. `weekdays` are bits, Monday is 1. A second tap
    finds what the first has added. Raises RitualRefused without a weekday, without a name for one
    in own words, beyond MOST, beyond the brake, or for one that rests.
    """
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        there = list(by.couple.rituals.with_weekdays().filter(ended_at=None))
        for ritual in there:
            if ritual.kind == kind and (kind != Kind.OWN or _same(ritual.own_name, name)):
                take_up(ritual, by=by, now=now)
                return ritual
        kept = [each for each in there if each.proposed_by_id in {None, by.pk}]
        _guard(kind=kind, name=name, weekdays=weekdays, kept=len(kept))
        _guard_rest(by, kind=kind, name=name, now=now)
        brakes.hold("ritual", by=by, refused=RitualRefused, now=now)
        ritual = Ritual.objects.create(
            couple=by.couple,
            kind=kind,
            own_name=name if kind == Kind.OWN else None,
            proposed_by=by,
        )
        _from_day(ritual, by.couple.today(now), weekdays, by=by, now=now)
        by.acted_on(by.couple.today(now))
        by.couple.publish("today")
    return ritual


def take_up(ritual: Ritual, *, by: Partner, now: datetime | None = None) -> None:
    """Take up what the other has proposed: from today on it is the couple's.

    Twice changes nothing, nor does one's own. Raises RitualRefused once it was taken back.
    """
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        ritual.refresh_from_db(fields=["proposed_by", "ended_at", "left_at"])
        if ritual.ended_at:
            raise RitualRefused(_("This one is not proposed any more."))
        if ritual.proposed_by_id in {None, by.pk}:
            return
        ritual.proposed_by = ritual.left_at = None
        ritual.save(update_fields=["proposed_by", "left_at"])
        _begin_together(ritual, by.couple.today(now))
        _remind(ritual, by.couple, now=now)
        by.acted_on(by.couple.today(now))
        by.couple.publish("today")


def leave(ritual: Ritual, *, by: Partner, now: datetime | None = None) -> None:
    """Leave what the other has proposed. Nobody is told, and nothing that they see changes."""
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        theirs = Ritual.objects.proposed_to(by).filter(pk=ritual.pk)
        if theirs.update(left_at=now):
            by.couple.publish("today", to=[by])


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
        if not Ritual.objects.live_for(by).filter(pk=ritual.pk).exists():
            raise RitualRefused(_("You two no longer keep this ritual."))
        if start < today:
            raise RitualRefused(_("What was stays as it was. Choose today or a later day."))
        if start > today + AHEAD:
            raise RitualRefused(_("Please choose a day within the next year."))
        ritual.refresh_from_db(fields=["proposed_by"])
        if ritual.is_shared:
            brakes.hold("ritual_days", by=by, refused=RitualRefused, now=now)
        _from_day(ritual, start, weekdays, by=by, now=now)
        _remind(ritual, by.couple, now=now)
        if ritual.is_shared:
            by.acted_on(today)
        by.couple.publish("today", to=None if ritual.is_shared else [by])


def end_ritual(ritual: Ritual, *, by: Partner, now: datetime | None = None) -> None:
    """Keep `ritual` no longer, from today on; its marks and the past stay. Twice changes nothing.

    Raises RitualRefused for the greeting, which everything else leans on.
    """
    if ritual.is_greeting:
        raise RitualRefused(_("Hello stays. You can choose its days."))
    now = now or database_now()
    with transaction.atomic():
        by.couple.lock()
        if Ritual.objects.live_for(by).filter(pk=ritual.pk).update(ended_at=now):
            ritual.refresh_from_db(fields=["proposed_by"])
            if not ritual.is_shared:
                # Whatever the other has done with it: a no must not be told from no answer yet.
                about = _about(by, kind=ritual.kind, name=ritual.own_name)
                brakes.note("ritual_name", by=by, about=about, now=now)
            _from_day(ritual, by.couple.today(now), NO_DAY, by=by, now=now)
            _remind(ritual, by.couple, now=now)
            by.acted_on(by.couple.today(now))
            by.couple.publish("today")


def _guard(*, kind: str, name: str | None, weekdays: int, kept: int) -> None:
    if not 0 < weekdays <= EVERY_DAY:
        raise RitualRefused(_("Please choose at least one day."))
    if kind == Kind.OWN and not name:
        raise RitualRefused(_("Please give it a name of your own."))
    if kept >= MOST:
        raise RitualRefused(_("You two keep twelve already. Let one go before you add another."))


def _guard_rest(by: Partner, *, kind: str, name: str | None, now: datetime) -> None:
    """Raise RitualRefused for one that `by` has proposed and let go lately."""
    about = _about(by, kind=kind, name=name)
    brakes.guard_rest("ritual_name", by=by, refused=RitualRefused, about=about, now=now)


def _about(by: Partner, *, kind: str, name: str | None) -> str:
    return brakes.fingerprint(name or "", of=by) if kind == Kind.OWN else kind


def _same(there: str | None, name: str | None) -> bool:
    return (there or "").casefold() == (name or "").casefold()


def _begin_together(ritual: Ritual, today: date) -> None:
    """Let the weekdays hold for both from `today` on; the days before were one partner's own."""
    before = ritual.schedules.filter(valid_from__lte=today).order_by("valid_from")
    latest = before.last()
    if latest:
        before.exclude(pk=latest.pk).delete()
        latest.valid_from = today
        latest.save(update_fields=["valid_from"])


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
    if ritual.kind == Kind.WEEKLY and ritual.is_shared:
        plan_for(couple.together, OurTime, now=now)
