"""What touches both: the couple's own list of what they ask each other about first."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner
from couples.vault import SealedField

MOST = 20
"""Matters on the list: one page, which can be kept in mind."""


class MatterRefused(Exception):
    """Why something cannot be put on the list, in words for the person who tried."""


class MatterQuerySet(models.QuerySet["Matter"]):
    """Matters by whether they stand."""

    def standing(self) -> MatterQuerySet:
        """Those on the list now, in the order in which they were added."""
        return self.filter(dropped_at=None).order_by("added_at", "pk")


class Matter(models.Model):
    """One line of the list: evenings, money above an amount, guests, travel.

    Either adds and either drops; the words are the couple's, so nobody owns a line.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="matters")
    words = SealedField(owner="couple")
    added_by = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    dropped_by = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    objects: ClassVar[MatterQuerySet] = MatterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_matter_is_dropped_by_somebody",
                condition=Q(dropped_at=None, dropped_by=None)
                | Q(dropped_at__isnull=False, dropped_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "added_at"], condition=Q(dropped_at=None), name="matter_standing"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def add(cls, words: str, *, by: Partner, now: datetime | None = None) -> None:
        """Put a line on the list; the same words again change nothing.

        Raises MatterRefused when the list is full, and beyond the brake.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            standing = list(cls.objects.standing().filter(couple=by.couple))
            for matter in standing:
                matter.couple = by.couple
            if any(matter.words == words for matter in standing):
                return
            if len(standing) >= MOST:
                raise MatterRefused(_("The list is full. Drop one line, and there is room."))
            brakes.hold("matter", by=by, refused=MatterRefused, now=now)
            cls.objects.create(couple=by.couple, words=words, added_by=by, added_at=now)
            by.acted_on(by.couple.today(now))
            by.couple.publish("ask")

    def drop(self, *, by: Partner, now: datetime | None = None) -> None:
        """Take this line off the list; again it changes nothing."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            standing = Matter.objects.filter(pk=self.pk, couple=by.couple, dropped_at=None)
            if standing.update(dropped_by=by, dropped_at=now):
                by.acted_on(by.couple.today(now))
            by.couple.publish("ask")
