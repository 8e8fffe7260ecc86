"""A person who practises as a therapist, and whether an operator has verified it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.models import Person
from couples.naming import NameRefused, rename
from couples.vault import SealedField


class ApplicationRefused(Exception):
    """Why an application stays as it is, in words for the person who sent it."""


class Therapist(models.Model):
    """One person's practice. Until an operator has verified it, it can link nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="therapist")
    licence = SealedField(owner="person")
    place = SealedField(owner="person")
    # When the person affirmed that they are a licensed professional.
    affirmed_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """What the couples see."""
        return self.person.name or str(_("your therapist"))

    @classmethod
    def apply(
        cls, *, by: Person, name: str, licence: str, place: str, now: datetime | None = None
    ) -> Therapist:
        """Ask for a therapist's account, or correct what was asked, and return it unverified.

        Sending it affirms being a licensed professional. Raises ApplicationRefused once it has
        been verified: what an operator has checked is not changed behind their back.
        """
        now = now or database_now()
        with transaction.atomic():
            # The person's row decides between two applications sent at once.
            Person.objects.select_for_update().only("pk").get(pk=by.pk)
            practice = cls.objects.filter(person=by).first() or cls(person=by)
            if practice.verified_at:
                raise ApplicationRefused(
                    _("This has been verified, so it stays. Ask the operator to change it.")
                )
            try:
                rename(by, name, now=now)
            except NameRefused as refused:
                raise ApplicationRefused(str(refused)) from refused
            practice.person = by
            practice.licence, practice.place, practice.affirmed_at = licence, place, now
            practice.save()
        return practice

    def verify(self, *, now: datetime | None = None) -> bool:
        """Let this practice link couples; False when it could already."""
        return self._become(verified_at=now or database_now())

    def withdraw_verification(self) -> bool:
        """Close everything to this practice at once; False when it was not verified.

        What couples have chosen stays theirs and stands again if it is verified again.
        """
        return self._become(verified_at=None)

    def _become(self, *, verified_at: datetime | None) -> bool:
        with transaction.atomic():
            fresh = Therapist.objects.select_for_update().get(pk=self.pk)
            if bool(fresh.verified_at) == bool(verified_at):
                return False
            self.verified_at = verified_at
            self.save(update_fields=["verified_at"])
        return True
