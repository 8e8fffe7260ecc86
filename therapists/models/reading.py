"""The read log: what a therapist has looked at, on which day, for the couple to see."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from couples.models import Couple, Partner
from therapists.models.therapist import Therapist


class What(models.TextChoices):
    """The pages that show something of a couple."""

    CASELOAD = "caseload", gettext_lazy("the list of couples")
    SHARING = "sharing", gettext_lazy("the list of what is shared")
    COUPLE = "couple", gettext_lazy("the page of the two of you")
    RESULTS = "results", gettext_lazy("results that you have shown")


class Reading(models.Model):
    """That a page was read on a day of the couple; never the time, and once a day at most.

    Rows are only ever added; a trigger in the database says so too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="readings")
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, related_name="readings")
    what = models.CharField(max_length=16, choices=What)
    day = models.DateField()
    # Of what one partner shows alone, that partner alone is told.
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="readings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "therapist", "what", "day", "partner"],
                name="one_reading_a_day",
                nulls_distinct=False,
            ),
            # What one shows alone can never be logged where the other reads it.
            models.CheckConstraint(
                name="results_are_read_for_one",
                condition=Q(what=What.RESULTS, partner__isnull=False)
                | (~Q(what=What.RESULTS) & Q(partner=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} on {self.day}"

    @property
    def what_words(self) -> str:
        """What was read, in words."""
        return str(What(self.what).label)

    @classmethod
    def note(cls, *, by: Therapist, couples: Iterable[Couple], what: What, now: datetime) -> None:
        """Log that `by` reads `what` of each couple on its present day, in one query.

        Call it in the transaction that makes the page: no row, no page.
        """
        rows = [Reading(couple=c, therapist=by, what=what, day=c.today(now)) for c in couples]
        Reading.objects.bulk_create(rows, ignore_conflicts=True)

    @classmethod
    def note_alone(cls, *, by: Therapist, partners: Iterable[Partner], now: datetime) -> None:
        """Log that `by` reads what these partners show alone, for each of them alone."""
        rows = [
            Reading(
                couple=each.couple,
                therapist=by,
                what=What.RESULTS,
                day=each.couple.today(now),
                partner=each,
            )
            for each in partners
        ]
        Reading.objects.bulk_create(rows, ignore_conflicts=True)
