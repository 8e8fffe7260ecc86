"""A name under a wording, and for how long it stands."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from couples.days import months_later
from couples.models.couple import Couple, Partner

LASTS = 3
"""Months after which a principle lapses unless another day was chosen."""

LONGEST = 24
"""Months ahead that can be chosen: what two people want changes."""


class AgreementRefused(Exception):
    """Why something cannot be proposed or signed, in words for the person who tried."""


class Signature(models.Model):
    """One name under one wording, until it lapses or is ended.

    `ended_at` says when and never why: withdrawn by either, signed again, or gone over to a new
    wording. Nobody, the database included, can read from it who took a principle back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        "couples.AgreementVersion", on_delete=models.PROTECT, related_name="signatures"
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()
    lapses_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "version", "partner"],
                condition=Q(ended_at=None),
                name="one_standing_signature_a_partner",
            ),
            models.CheckConstraint(
                name="signature_ends_after_it_began",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("signed_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


def lapse_day(until: date | None, today: date) -> date:
    """Return the day on which it lapses; raises AgreementRefused unless it is within bounds."""
    until = until or months_later(today, LASTS)
    if until <= today:
        raise AgreementRefused(_("Please choose a day that is still ahead."))
    if until > months_later(today, LONGEST):
        raise AgreementRefused(_("Please choose a day within the next two years."))
    return until


def moved_on() -> AgreementRefused:
    """Return what is said when a wording is not there to be signed any more."""
    return AgreementRefused(
        _("Things have moved on since this page was drawn. This is how it stands now.")
    )
