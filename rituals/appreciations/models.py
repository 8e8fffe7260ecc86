"""Appreciations: one line to the partner, at any time."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner
from couples.vault import SealedField

FRESH = timedelta(days=3)
"""For how many days a line stands on the other's page by itself."""


class AppreciationRefused(Exception):
    """Why a line cannot reach anybody, in words for the person who wrote it."""


class AppreciationQuerySet(models.QuerySet["Appreciation"]):
    """Lines by whom they were said to."""

    def to(self, partner: Partner, *, since: date) -> AppreciationQuerySet:
        """What the other said to `partner` on the couple's day `since` or later."""
        return self.filter(couple=partner.couple, said_on__gte=since).exclude(author=partner)


class Appreciation(models.Model):
    """One line that one partner said to the other. It asks for no answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="appreciations")
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="appreciations")
    words = SealedField(owner="author.person")
    said_at = models.DateTimeField()
    said_on = models.DateField()  # the couple's day
    client_key = models.UUIDField()

    objects: ClassVar[AppreciationQuerySet] = AppreciationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "author", "client_key"], name="one_appreciation_a_tap"
            ),
        ]
        indexes = [models.Index(fields=["couple", "-said_at"], name="appreciation_by_time")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def say(
        cls, words: str, *, by: Partner, client_key: uuid.UUID, now: datetime | None = None
    ) -> None:
        """Say one line to the other; a tap repeated with the same key changes nothing.

        Raises AppreciationRefused while the seat across is empty, and beyond the brake.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if not by.couple.paired:
                raise AppreciationRefused(_("Your partner is not here yet to read it."))
            tap = {"couple": by.couple, "author": by, "client_key": client_key}
            if cls.objects.filter(**tap).exists():
                return
            brakes.hold("appreciation", by=by, refused=AppreciationRefused, now=now)
            day = by.couple.today(now)
            cls.objects.create(words=words, said_at=now, said_on=day, **tap)
            by.couple.was_active(day, by=by)
            by.couple.publish("appreciation", "today", "us")
