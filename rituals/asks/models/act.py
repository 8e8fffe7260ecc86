"""One step of an ask."""

from __future__ import annotations

import uuid

from django.db import models

from couples.models import Couple, Partner
from couples.vault import SealedField
from rituals.asks.flow import Act, Kind


class AskAct(models.Model):
    """One step of an ask. Rows are only ever added; a trigger in the database says so too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    ask = models.ForeignKey("rituals.Ask", on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="ask_acts")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in Kind])
    answers = models.PositiveIntegerField()
    words = SealedField(owner="author.person", null=True)
    client_key = models.UUIDField()
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "ask", "number"], name="one_ask_act_a_number"
            ),
            models.UniqueConstraint(
                fields=["couple", "author", "client_key"], name="one_ask_act_a_tap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.ask_id}"

    def as_act(self) -> Act:
        """This row as the pure flow sees it."""
        return Act(self.number, self.author.seat, Kind(self.kind), self.answers)
