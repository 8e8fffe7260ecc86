"""What a repair begins with: whose it is, behind which door, and what happened."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy

from couples.models import Couple, Partner, Third
from couples.vault import SealedField


class Door(models.TextChoices):
    """The two ways in."""

    I_WAS_HURT = "i_was_hurt", gettext_lazy("I was hurt")
    I_HURT_YOU = "i_hurt_you", gettext_lazy("I hurt you")


@dataclass(frozen=True)
class Written:
    """What a repair begins with, in the words of whoever begins it."""

    door: str
    happened: str | None = None
    how_much: str | None = None
    third: Third | None = None

    def repeats(self, repair: Opening) -> bool:
        """True when the same is kept there already; words taken back since are not asked."""
        third = self.third.pk if self.third else None
        said = (self.door, self.happened, self.how_much, third)
        kept = (repair.door, repair.happened, repair.how_much, repair.third_id)
        return said == kept or (bool(repair.shared_at) and repair.happened is None)


class Opening(models.Model):
    """The part of a repair that one of the two wrote before there was anything between them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="repairs")
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="repairs")
    door = models.CharField(max_length=16, choices=Door)
    happened = SealedField(owner="author.person", null=True)
    how_much = SealedField(owner="author.person", null=True)
    third = models.ForeignKey(Third, null=True, on_delete=models.SET_NULL, related_name="+")
    client_key = models.UUIDField(default=uuid.uuid4)  # of the tap that kept it
    created_at = models.DateTimeField(auto_now_add=True)
    shared_at = models.DateTimeField(null=True)
    shared_on = models.DateField(null=True)  # the couple's day

    class Meta:
        abstract = True
