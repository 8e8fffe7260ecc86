"""The wording of published scales, added to this installation by its operator.

A row rather than a file: every process of an installation sees the same one, it comes along in the
backup, and it is there in full or not at all. It is nobody's words but the authors', so it is the
same for every couple and not sealed.
"""

from __future__ import annotations

import uuid

from django.db import models, transaction

from couples.clock import database_now
from rituals.felt.scales import Definition, Sheet, definitions, read_sheet


class ScaleWording(models.Model):
    """The items of one scale as its authors wrote them; while there is none it is not offered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scale = models.CharField(max_length=40, unique=True)
    sheet = models.JSONField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.scale

    @classmethod
    def add(cls, text: str) -> tuple[ScaleWording, bool]:
        """Keep the wording in `text`; return it and whether it replaced another.

        Raises WordingRefused, with nothing kept, unless all of it is right.
        """
        sheet = read_sheet(text, definitions())
        now = database_now()
        with transaction.atomic():
            kept, made = cls.objects.update_or_create(
                scale=sheet.scale, defaults={"sheet": sheet.stored(), "added_at": now}
            )
        return kept, not made

    @property
    def words(self) -> Sheet:
        """The wording itself."""
        return Sheet.restored(self.sheet)

    @property
    def definition(self) -> Definition:
        """How the scale is scored."""
        return definitions()[self.scale]


def offered() -> list[ScaleWording]:
    """Return the scales that can be answered here, shortest first; one query."""
    there = {each.scale: each for each in ScaleWording.objects.filter(scale__in=definitions())}
    return [there[key] for key in definitions() if key in there]
