"""A ritual, and the days it is planned for."""

from __future__ import annotations

import uuid
from datetime import date
from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from couples.models import Couple, Partner
from couples.vault import SealedField

EVERY_DAY = 0b1111111
"""Weekdays as bits: Monday is 1, Sunday is 64."""


class Kind(models.TextChoices):
    """The two every couple begins with, three that many add, and those in a couple's own words."""

    GREETING = "greeting", _("Saying hi")
    GOODBYE = "goodbye", _("Saying goodbye")
    MORNING = "morning", _("The first minute")
    BEDTIME = "bedtime", _("Going to sleep")
    WEEKLY = "weekly", _("Time for the two of us")
    OWN = "own", _("In our own words")


class RitualQuerySet(models.QuerySet["Ritual"]):
    """Rituals by whether they are kept, and by whom."""

    def live(self) -> RitualQuerySet:
        """Those the couple still keeps, the greeting first, with their weekdays."""
        return self.with_weekdays().filter(ended_at=None, proposed_by=None)

    def live_for(self, partner: Partner) -> RitualQuerySet:
        """Those the couple keeps, and what `partner` has proposed and keeps alone so far."""
        mine = Q(proposed_by=None) | Q(proposed_by=partner)
        return self.with_weekdays().filter(mine, couple=partner.couple, ended_at=None)

    def proposed_to(self, partner: Partner) -> RitualQuerySet:
        """What the other has proposed and `partner` has neither taken up nor left, oldest first."""
        theirs = self.filter(couple=partner.couple, ended_at=None, left_at=None)
        return theirs.exclude(proposed_by=None).exclude(proposed_by=partner).order_by("created_at")

    def with_weekdays(self) -> RitualQuerySet:
        """All that were ever kept, with their weekdays: what the past was planned to be."""
        order = models.Case(
            models.When(kind=Kind.GREETING, then=0),
            models.When(kind=Kind.GOODBYE, then=1),
            default=2,
        )
        return self.order_by(order, "created_at").prefetch_related("schedules")


class Ritual(models.Model):
    """Something a couple does on purpose, again and again.

    While `proposed_by` names one of the two it is theirs alone: the other sees an invitation, and
    takes it up or leaves it. That it was left (`left_at`) shows nowhere: to the one who proposed it
    a no and no answer yet look alike (docs/decisions/a-ritual-takes-two.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="rituals")
    kind = models.CharField(max_length=16, choices=Kind)
    own_name = SealedField(owner="couple", null=True)
    proposed_by = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[RitualQuerySet] = RitualQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "kind"],
                condition=models.Q(ended_at=None) & ~models.Q(kind=Kind.OWN),
                name="one_greeting_and_one_goodbye",
            ),
            models.CheckConstraint(
                name="what_is_left_was_proposed",
                condition=Q(left_at=None) | Q(proposed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def name(self) -> str:
        """What the couple calls it."""
        return self.own_name or str(Kind(self.kind).label)

    @property
    def is_greeting(self) -> bool:
        """True for saying hi."""
        return self.kind == Kind.GREETING

    @property
    def is_goodbye(self) -> bool:
        """True for parting on purpose."""
        return self.kind == Kind.GOODBYE

    @property
    def is_shared(self) -> bool:
        """True once it is the couple's, and not one partner's alone."""
        return self.proposed_by_id is None

    @cached_property
    def chosen(self) -> list[RitualSchedule]:
        """Every choice of weekdays there was."""
        return list(self.schedules.all())

    def weekdays_on(self, day: date) -> int:
        """Return the weekdays in force on `day` as bits; 0 before it began and after it ended."""
        in_force = [s for s in self.chosen if s.valid_from <= day]
        latest = max(in_force, key=lambda s: s.valid_from, default=None)
        return latest.weekdays if latest else 0

    def planned_on(self, day: date) -> bool:
        """True when the weekdays in force on `day` include it."""
        return bool(self.weekdays_on(day) & (1 << day.weekday()))

    def next_change(self, day: date) -> RitualSchedule | None:
        """Return the weekdays that come into force after `day`, if others are chosen already."""
        later = (s for s in self.chosen if s.valid_from > day)
        return min(later, key=lambda s: s.valid_from, default=None)


class RitualSchedule(models.Model):
    """The weekdays of a ritual from a day on; what was before stays as it was.

    A ritual that has ended keeps a last row without any weekday, so that the days before it still
    know what was planned. The first two rituals of a couple were chosen by nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    ritual = models.ForeignKey(Ritual, on_delete=models.CASCADE, related_name="schedules")
    valid_from = models.DateField()
    weekdays = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "ritual", "valid_from"], name="one_schedule_a_day"
            ),
            models.CheckConstraint(
                name="weekdays_are_seven_bits", condition=models.Q(weekdays__lte=EVERY_DAY)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ritual_id} from {self.valid_from}"


def rituals_of(couple: Couple) -> list[Ritual]:
    """Return all that `couple` ever kept, the greeting first, with their weekdays: one query."""
    return [each for each in _all_of(couple) if each.is_shared]


def rituals_before(me: Partner) -> tuple[list[Ritual], list[Ritual]]:
    """Return what stands before `me`, as `rituals_of` does: one query for both.

    First what the couple or `me` alone ever kept, then what the other has proposed and waits for
    an answer, oldest first.
    """
    found = _all_of(me.couple)
    kept = [each for each in found if each.proposed_by_id in {None, me.pk}]
    theirs = [each for each in found if each not in kept]
    return kept, [each for each in theirs if each.ended_at is None and each.left_at is None]


def _all_of(couple: Couple) -> list[Ritual]:
    found: dict[uuid.UUID, Ritual] = {}
    choices = RitualSchedule.objects.filter(couple=couple).select_related("ritual")
    for choice in choices:
        ritual = found.setdefault(choice.ritual_id, choice.ritual)
        if ritual is choice.ritual:
            ritual.couple, ritual.chosen = couple, []
        ritual.chosen.append(choice)
    first = {Kind.GREETING: 0, Kind.GOODBYE: 1}
    return sorted(found.values(), key=lambda each: (first.get(Kind(each.kind), 2), each.created_at))


def begin_with_two(couple: Couple, *, on: date) -> None:
    """Give a new couple its greeting and its goodbye, every day from `on`."""
    for kind in (Kind.GREETING, Kind.GOODBYE):
        ritual = Ritual.objects.create(couple=couple, kind=kind)
        RitualSchedule.objects.create(
            couple=couple, ritual=ritual, valid_from=on, weekdays=EVERY_DAY
        )
