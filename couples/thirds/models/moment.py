"""What came first on a day, and which weeks it made: whose word it was lives for a week at most."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.models.couple import Couple, Partner
from couples.thirds.flow import Came
from couples.thirds.models.third import Third, ThirdRefused, moved_on


class ThirdMoment(models.Model):
    """One partner's word on one day: we came first, or this did. Never shown to the other.

    It lives until its week is over; then the week alone is kept (`ThirdWeek`), and whose word it
    was is nowhere any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="third_moments")
    third = models.ForeignKey(Third, on_delete=models.PROTECT, related_name="moments")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="third_moments")
    day = models.DateField()
    came = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Came])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "third", "partner", "day"], name="one_third_moment_a_day"
            ),
            models.CheckConstraint(
                name="either_we_or_this_came_first", condition=Q(came__in=list(Came))
            ),
        ]
        indexes = [models.Index(fields=["couple", "day"], name="third_moment_by_day")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def say(
        cls,
        third: Third,
        *,
        by: Partner,
        came: str,
        was: str,
        day: date,
        now: datetime | None = None,
    ) -> None:
        """Say what came first on the couple's day `day`, which has to be today; "" takes it back.

        `was` is one's own word as the page showed it, so that a late or repeated tap never undoes
        a later one; saying what stands changes nothing. Nobody is told. Raises ThirdRefused when
        the day is over, one's word is another by now, or the third is not in force.
        """
        now = now or database_now()
        with transaction.atomic():
            third.hold(by)
            third.guard_in_force()
            if day != by.couple.today(now):
                raise ThirdRefused(_("That day is over, and stays as it is. This is today."))
            mine = cls.objects.filter(couple=by.couple, third=third, partner=by, day=day)
            stands = mine.values_list("came", flat=True).first() or ""
            if stands == came:
                return
            if stands != was:
                raise moved_on()
            mine.delete()
            if came:
                cls.objects.create(couple=by.couple, third=third, partner=by, day=day, came=came)
            by.couple.was_active(day, by=None)  # the other cannot see this act


class ThirdWeek(models.Model):
    """A week that is over and in which a third crowded in. A week that did not count has no row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="third_weeks")
    third = models.ForeignKey(Third, on_delete=models.PROTECT, related_name="weeks")
    week = models.DateField()  # its Monday

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "third", "week"], name="a_week_crowds_in_once"
            ),
            models.CheckConstraint(
                name="a_week_of_a_third_begins_on_monday", condition=Q(week__iso_week_day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.third_id}"
