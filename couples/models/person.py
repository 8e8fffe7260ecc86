"""A person with a login: a partner, a therapist, or both for different couples."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from couples.accounts.addresses import IN_ONE_FORM, normal
from couples.models.key import Key
from couples.vault import SealedField


class PersonManager(BaseUserManager["Person"]):
    """Makes people; an e-mail address is the only name a login has."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Return a new saved person. Without a password they sign in by code.

        Raises ValidationError for what is no address.
        """
        person = self.model(email=normal(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None) -> Person:
        """Return a new operator. An operator sees the machine, never anybody's words."""
        return self.create_user(email, password, is_staff=True, is_superuser=True)


KEPT_CLOCKS = 20
"""Zones that are remembered; nobody travels to more before they forget the first."""

QUIET_FROM, QUIET_UNTIL = time(21, 30), time(7, 30)
"""Quiet hours unless changed (product, section 12)."""


class Person(AbstractBaseUser, PermissionsMixin):
    """One login. The name is a word like any other: sealed, and gone when the key is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = SealedField(null=True)
    # By any name it ever had (couples/zones.py); empty until they have said where they are.
    time_zone = models.CharField(max_length=64, default="")
    # Zones of phones for which they kept the clock they have: where somebody was is sealed.
    kept_clock = SealedField(null=True)
    counts_hours_to = models.PositiveSmallIntegerField(null=True)  # as their phone does: 12 or 24
    # By their own clock; what the app starts waits meanwhile. Equal times: no quiet hours.
    quiet_from = models.TimeField(default=QUIET_FROM, db_default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL, db_default=QUIET_UNTIL)
    # The first steps that are done (couples/first_steps.py): that they were taken, never an answer.
    mailbox_asked_at = models.DateTimeField(null=True)
    example_shown_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Signing in that was begun before this, and is not finished, counts for nothing
    # (couples/accounts/proof.py).
    trusted_since = models.DateTimeField(null=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_email_in_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="person_email_in_one_form", condition=models.Q(email__regex=IN_ONE_FORM)
            ),
            models.CheckConstraint(
                name="person_counts_hours_to_12_or_24",
                condition=models.Q(counts_hours_to=None) | models.Q(counts_hours_to__in=(12, 24)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **options: Any) -> None:
        """Save, a new person in two steps."""
        # The key points at the person, so the first save comes before the name can be sealed.
        if self._state.adding and isinstance(self.__dict__.get("name"), str):
            name, self.name = self.name, None
            super().save(*args, **options)
            self.name = name
            super().save(update_fields=["name"])
        else:
            super().save(*args, **options)

    def vault_key(self) -> Key:
        """The key that seals what this person writes."""
        return Key.of_person(self)

    def has_taken(self, step: str, *, now: datetime) -> None:
        """Keep that a first step was taken, and when first; nothing of any answer."""
        if getattr(self, step) is None:
            setattr(self, step, now)
            self.save(update_fields=[step])

    def kept_clock_in(self) -> list[str]:
        """Return the zones of phones for which this person kept the clock they have."""
        return (self.kept_clock or "").split()

    def keep_clock_in(self, zone: str) -> None:
        """Keep the clock they have, also while a phone shows the time of `zone`."""
        if zone not in self.kept_clock_in():
            self.kept_clock = " ".join([*self.kept_clock_in(), zone][-KEPT_CLOCKS:])
            self.save(update_fields=["kept_clock"])

    def count_hours(self, to: int | None) -> None:
        """Show clock times from now on as their phone does: to 12, or to 24."""
        if to and to != self.counts_hours_to:
            self.counts_hours_to = to
            self.save(update_fields=["counts_hours_to"])

    def call_me(self, name: str) -> None:
        """Keep the name by which the other partner and a therapist will see this person."""
        self.name = name
        self.save(update_fields=["name"])
