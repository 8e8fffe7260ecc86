"""Muting an ask or a topic: it asks for nothing any more, and nobody else can tell."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from couples.clock import database_now
from couples.models import Couple, Partner


class Mute(models.Model):
    """One partner's wish not to be asked about one thing. A row of theirs alone.

    Nothing is published and nothing the other sees depends on it: what is muted still counts among
    the unanswered, or the other could find out by trying.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="mutes")
    subject = models.UUIDField()  # an ask or a topic
    muted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "partner", "subject"], name="one_mute_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def by(cls, partner: Partner) -> Exists:
        """Return the condition that a row's id was muted by `partner`, for lists of such rows."""
        return Exists(cls.objects.filter(partner=partner, subject=OuterRef("pk")))

    @classmethod
    def keep(cls, subject: uuid.UUID, *, by: Partner, now: datetime | None = None) -> None:
        """Mute `subject` for `by`; again it changes nothing."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            cls.objects.get_or_create(
                couple=by.couple, partner=by, subject=subject, defaults={"muted_at": now}
            )

    @classmethod
    def end(cls, subject: uuid.UUID, *, by: Partner) -> None:
        """Hear of `subject` again."""
        with transaction.atomic():
            by.couple.lock()
            cls.objects.filter(partner=by, subject=subject).delete()
