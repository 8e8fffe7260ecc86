"""Rest: days on which the two are travelling or ill, and nothing is asked of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models, transaction
from django.db.models import F, Func, Q
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.days import DAY
from couples.models import Couple, Partner
from rituals.days.models import reminder_time
from rituals.days.models.week import CoupleWeek
from rituals.models import weekly

LATE = timedelta(days=3)
"""How long after its first day a rest can still be entered, as with marks."""

AHEAD = timedelta(days=366)
LONGEST = timedelta(days=184)
"""Half a year at a time; another can follow."""


class RestRefused(Exception):
    """Why a rest cannot be entered or ended, in words for the person who tried."""


class DaysBetween(Func):
    """The range of days from the first to the last, both in it."""

    function = "DATERANGE"
    output_field = DateRangeField()


class RestQuerySet(models.QuerySet["RestRange"]):
    """Rests by whether they stand."""

    def standing(self) -> RestQuerySet:
        """Those that were not called off."""
        return self.filter(called_off_at=None)


class RestRange(models.Model):
    """Days, from the first to the last, both included, on which a couple rests. No reason is kept.

    The database itself refuses two that overlap.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="rests")
    by = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    made_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)

    objects: ClassVar[RestQuerySet] = RestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rest_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))
            ),
            ExclusionConstraint(
                name="rests_do_not_overlap",
                expressions=[
                    (F("couple"), RangeOperators.EQUAL),
                    (
                        DaysBetween(
                            "first_day",
                            "last_day",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(called_off_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "-last_day"],
                condition=Q(called_off_at=None),
                name="rest_standing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @classmethod
    def enter(
        cls, *, by: Partner, first: date, last: date, now: datetime | None = None
    ) -> RestRange:
        """Let the couple of `by` rest from `first` to `last`, both included, and return the rest.

        A second tap finds what the first has entered. Raises RestRefused for a first day more than
        3 days ago or a year ahead, an end before the beginning, more than half a year, or days on
        which the two rest already.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            standing = by.couple.rests.standing()
            same: RestRange | None = standing.filter(first_day=first, last_day=last).first()
            if same:
                return same
            _guard(first, last, today=by.couple.today(now))
            if standing.filter(first_day__lte=last, last_day__gte=first).exists():
                raise RestRefused(_("You two already rest on some of these days."))
            rest = cls.objects.create(
                couple=by.couple, by=by, first_day=first, last_day=last, made_at=now
            )
            rest._settle(by.couple, first, last, now=now)
            by.acted_on(by.couple.today(now))
        return rest

    def end(self, *, by: Partner, now: datetime | None = None) -> None:
        """Rest no longer, from today on; days that were rested stay. Twice changes nothing."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            today = by.couple.today(now)
            self.refresh_from_db(fields=["first_day", "last_day", "called_off_at"])
            if self.called_off_at is not None or self.last_day < today:
                return
            until = self.last_day
            if self.first_day >= today:
                self.called_off_at = now
            else:
                self.last_day = today - DAY
            self.save(update_fields=["last_day", "called_off_at"])
            self._settle(by.couple, max(today, self.first_day), until, now=now)
            by.acted_on(today)

    def _settle(self, couple: Couple, first: date, last: date, *, now: datetime) -> None:
        """Bring everything that follows from rested days up to date."""
        CoupleWeek.recount_between(couple, first, last)
        for partner in couple.together:
            reminder_time.replan(partner, now=now)
            weekly.replan(partner, now=now)
        couple.publish("today", "us")


def _guard(first: date, last: date, *, today: date) -> None:
    if last < first:
        raise RestRefused(_("The last day is before the first one."))
    if first < today - LATE:
        raise RestRefused(
            _("Rest can begin up to three days ago. What was before stays as it was.")
        )
    if first > today + AHEAD:
        raise RestRefused(_("Please choose days within the next year."))
    if last - first > LONGEST:
        raise RestRefused(_("Half a year at a time, please. Another rest can follow."))
