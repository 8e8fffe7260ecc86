"""Keys of the vault: one for each person, one for each couple."""

from __future__ import annotations

import os
import uuid
from functools import cached_property
from typing import Any

from django.db import models

from couples import vault


class Key(models.Model):
    """The data key of one owner, wrapped by a master key; without `wrapped` it is destroyed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(
        "couples.Person", null=True, on_delete=models.PROTECT, related_name="key"
    )
    couple = models.OneToOneField(
        "couples.Couple", null=True, on_delete=models.PROTECT, related_name="key"
    )
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="key_has_one_owner",
                condition=models.Q(person__isnull=False) ^ models.Q(couple__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def of_person(cls, person: models.Model) -> Key:
        """Return the person's key, made on first need. The person may not be saved yet."""
        return cls._owned(person, "person")

    @classmethod
    def of_couple(cls, couple: models.Model) -> Key:
        """Return the couple's key, made on first need."""
        return cls._owned(couple, "couple")

    @property
    def owner_name(self) -> str:
        """What the additional data of everything under this key say about its owner."""
        return f"person:{self.person_id}" if self.person_id else f"couple:{self.couple_id}"

    @property
    def destroyed(self) -> bool:
        """True once the words under this key can no longer be read by anybody."""
        return self.wrapped is None

    @cached_property
    def data_key(self) -> bytes:
        """The 32 bytes themselves, for as long as this instance lives: one request."""
        if self.wrapped is None:
            raise vault.VaultError("this key was destroyed")
        return vault.unwrap(bytes(self.wrapped), place=self.owner_name)

    @classmethod
    def _owned(cls, owner: Any, kind: str) -> Key:
        known: Key | None = getattr(owner, "key", None)  # missing, it is an AttributeError
        if known:
            return known
        fresh = cls(**{kind: owner})
        fresh.wrapped = vault.wrap(os.urandom(32), place=fresh.owner_name)
        # Two first words at once: the unique owner lets one key win, and both use that one.
        key, _ = cls.objects.get_or_create(
            **{kind: owner}, defaults={"id": fresh.pk, "wrapped": fresh.wrapped}
        )
        # The owner still holds on to `fresh`; where another key has won, what it seals is lost.
        owner.key = key
        return key
