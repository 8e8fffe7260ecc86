"""A couple's week, so that long histories are never counted again."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import models

from couples.days import week_of
from couples.models import Couple


class CoupleWeek(models.Model):
    """On how many days of a week, from Monday on, the two connected. Recounted, never added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.CASCADE, related_name="weeks")
    week = models.DateField()
    connected_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "week"], name="one_row_a_week"),
            models.CheckConstraint(
                name="a_week_has_seven_days", condition=models.Q(connected_days__lte=7)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week}: {self.connected_days}"

    @classmethod
    def recount(cls, couple: Couple, *, day: date) -> None:
        """Count the week of `day` anew from its moments, within the caller's transaction.

        Days at rest do not count, even when both have marked something on them.
        """
        monday = week_of(day)
        sunday = monday + timedelta(days=6)
        rests = couple.rests.standing().filter(first_day__lte=sunday, last_day__gte=monday)
        rested = list(rests)
        closed = couple.moments.filter(closed=True, date__range=(monday, sunday))
        days = set(closed.values_list("date", flat=True))
        connected = sum(not any(day in rest for rest in rested) for day in days)
        cls.objects.update_or_create(
            couple=couple, week=monday, defaults={"connected_days": connected}
        )

    @classmethod
    def recount_between(cls, couple: Couple, first: date, last: date) -> None:
        """Count those weeks anew that have a row and touch the days from `first` to `last`."""
        weeks = cls.objects.filter(couple=couple, week__range=(week_of(first), last))
        for week in weeks.values_list("week", flat=True):
            cls.recount(couple, day=week)
