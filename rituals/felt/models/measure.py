"""A published scale, answered by one partner every four weeks at the most, for themselves alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils import formats
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.models import Couple, Partner
from couples.vault import SealedField
from rituals.felt.models.scale_wording import ScaleWording

EVERY = timedelta(days=28)
"""Between two answers to the same scale: a question asked more often measures the asking."""


class MeasureRefused(Exception):
    """Why it does not fit now, in words for the person who tried."""


class Measure(models.Model):
    """One partner's answers to one scale on one day, and what they add up to.

    The couple is told nothing: nothing is published and no day of activity is noted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="measures")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="measures")
    scale = models.CharField(max_length=40)
    taken_on = models.DateField()  # the couple's day
    answers = SealedField(owner="partner.person")  # the printed numbers, with blanks between
    total = SealedField(owner="partner.person")
    client_key = models.UUIDField()
    # When it was shown to the couple's therapist. What was shown before a link began is not shown
    # under it, so this ends with the link.
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "partner", "client_key"], name="one_measure_a_tap"
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "partner", "scale", "-taken_on"], name="measure_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.taken_on}"

    @classmethod
    def take(
        cls,
        wording: ScaleWording,
        answers: Sequence[int],
        *,
        by: Partner,
        client_key: uuid.UUID,
        now: datetime | None = None,
    ) -> Measure:
        """Keep the printed numbers of all items; a tap repeated with the same key changes nothing.

        Raises ValueError for numbers the scale does not have, and MeasureRefused before four weeks
        have gone by since the last.
        """
        now = now or database_now()
        total = wording.definition.total(answers)
        with transaction.atomic():
            by.couple.lock()
            mine = cls.objects.filter(couple=by.couple, partner=by)
            if found := mine.filter(client_key=client_key).first():
                return found
            day = by.couple.today(now)
            due = next_on(by, wording.scale)
            if due and day < due:
                raise MeasureRefused(
                    _("You have answered this already. It comes again on %(day)s.")
                    % {"day": formats.date_format(due, "j F")}
                )
            return cls.objects.create(
                couple=by.couple,
                partner=by,
                scale=wording.scale,
                taken_on=day,
                # Of one width each, so that no length says anything.
                answers=" ".join(f"{each:03d}" for each in answers),
                total=f"{total:04d}",
                client_key=client_key,
            )

    def show(self, *, by: Partner, now: datetime | None = None) -> None:
        """Let the therapist of now read one's own result; the partner is told nothing.

        Shown again it stays shown; thrown away meanwhile, it stays gone.
        """
        by.measures.filter(pk=self.pk).update(shown_at=now or database_now())

    def hide(self, *, by: Partner) -> None:
        """Close one's own result to the therapist, at once. Twice changes nothing."""
        by.measures.filter(pk=self.pk).update(shown_at=None)

    def throw_away(self) -> None:
        """Delete it for good."""
        self.delete()

    @property
    def sum(self) -> int | None:
        """What the answers add up to; None once their key is gone."""
        return None if self.total is None else int(self.total)


def next_on(me: Partner, scale: str) -> date | None:
    """Return the day from which on the scale can be answered again, or None for at once."""
    return again_on(me.measures.filter(scale=scale).order_by("-taken_on").first())


def again_on(last: Measure | None) -> date | None:
    """Return the day from which on a scale comes again after `last`, or None for at once."""
    return last.taken_on + EVERY if last else None
