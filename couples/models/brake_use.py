"""That something of somebody's reached the other lately; never what, and never at what time."""

from __future__ import annotations

import uuid

from django.db import models

from couples.models.couple import Couple, Partner


class BrakeUse(models.Model):
    """One place that was taken behind a brake (couples/brakes.py), until it is free again.

    It is shown to nobody, and depends on nothing that the other did. Without a `partner` it holds
    for both alike, and does not tell whose it was. The tick deletes it once it holds nothing back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.CASCADE, related_name="brake_uses"
    )
    channel = models.CharField(max_length=32)
    about = models.CharField(max_length=64, blank=True)  # an id, or words under the couple's key
    day = models.DateField()  # the couple's
    until = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["couple", "channel", "day"], name="brake_by_channel"),
            models.Index(fields=["until"], name="brake_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} on {self.day}"
