"""Repairs by who may know of them, and by what has become of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from couples.models import Partner
from repairs.terms import OPEN, Stage

OPEN_STAGES = sorted(stage.value for stage in OPEN)


class RepairQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Repairs by who may know of them and what has become of them."""

    def visible_to(self, partner: Partner) -> RepairQuerySet[Row]:
        """What is shared, and one's own drafts. The other's drafts do not exist."""
        return self.filter(~Q(shared_at=None) | Q(author=partner))

    def drafts_of(self, partner: Partner) -> RepairQuerySet[Row]:
        """One's own drafts, newest first."""
        return self.filter(shared_at=None, author=partner).order_by("-created_at")

    def open(self) -> RepairQuerySet[Row]:
        """Shared and not mended, resting or not."""
        return self.filter(stage__in=OPEN_STAGES)

    def under_way(self) -> RepairQuerySet[Row]:
        """Open and not resting: one at a time."""
        return self.open().filter(resting=False)

    def mended(self) -> RepairQuerySet[Row]:
        """Mended or held."""
        return self.filter(stage__in=[Stage.MENDED, Stage.HELD])

    def sent(self) -> RepairQuerySet[Row]:
        """Parts sent alone, which ask for nothing."""
        return self.filter(stage=Stage.SENT)
