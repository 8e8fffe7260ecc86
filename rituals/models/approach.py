"""On my way, heading out: one tap ahead of a ritual, so that both can be ready."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from couples.clock import database_now
from couples.delivery.live import publish
from couples.models import Couple, Partner

LASTS = timedelta(hours=3)
AGAIN_AFTER = timedelta(minutes=30)


class Approach(models.Model):
    """What one partner has just told the other; no place, no time, and no history of it.

    A partner has one row at most. It is deleted when the ritual it leads to is marked, and by
    the tick after three hours.
    """

    class Kind(models.TextChoices):
        ON_MY_WAY = "on_my_way", _("On my way")
        HEADING_OUT = "heading_out", _("Heading out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.CASCADE, related_name="approaches")
    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="approach")
    kind = models.CharField(max_length=16, choices=Kind)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind

    @classmethod
    def tell(cls, *, by: Partner, kind: str, now: datetime | None = None) -> bool:
        """Tell the other; False when they were told this or the like within the last 30 minutes."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            # Of either kind: two in turn would be as loud as one again and again.
            lately = cls.objects.filter(partner=by, until__gt=now + LASTS - AGAIN_AFTER).exists()
            if not lately:
                cls.objects.update_or_create(
                    partner=by,
                    defaults={"couple": by.couple, "kind": kind, "until": now + LASTS},
                )
                by.acted_on(by.couple.today(now))
                publish(by.couple, "today")
        return not lately

    @classmethod
    def arrive(cls, couple: Couple, *, kind: str) -> None:
        """Forget what led to a ritual that has now been marked."""
        cls.objects.filter(couple=couple, kind=kind).delete()


def sweep(*, now: datetime | None = None) -> None:
    """Delete what was told more than three hours ago; nothing of it is kept anywhere."""
    Approach.objects.filter(until__lte=now or database_now()).delete()
