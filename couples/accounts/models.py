"""An account moved to another address; the old one can take it back for a while."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.db.models.functions import Now

from couples.clock import database_now
from couples.models.person import Person

OPEN_FOR = timedelta(hours=72)
"""For how long the old address can take a change back (product, section 11)."""


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    """Changes by what can still be done about them."""

    def open(self) -> AddressChangeQuerySet:
        """Those that can be taken back at this instant."""
        return self.filter(taken_back_at=None, changed_at__gt=Now() - OPEN_FOR)


class AddressChange(models.Model):
    """One change, known by the address before it and the hash of a token sent there.

    Deleted once it can no longer be taken back: the old address is nobody's business then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="address_changes")
    old_address = models.EmailField(max_length=254, db_index=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    changed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects: ClassVar[AddressChangeQuerySet] = AddressChangeQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def record(cls, *, person: Person, old: str, now: datetime | None = None) -> AddressChange:
        """Keep that `person` had the address `old` until now."""
        return cls.objects.create(
            person=person,
            old_address=old,
            token_hash=_hash(secrets.token_urlsafe(24)),
            changed_at=now or database_now(),
        )

    @classmethod
    def find(cls, token: str) -> AddressChange:
        """Return the change behind `token`, taken back or not; raises DoesNotExist when over."""
        fresh = cls.objects.filter(changed_at__gt=Now() - OPEN_FOR).select_related("person")
        return fresh.get(token_hash=_hash(token))

    def new_token(self) -> str:
        """Return a token for the link in one more mail; the one before opens nothing any more."""
        token = secrets.token_urlsafe(24)
        self.token_hash = _hash(token)
        self.save(update_fields=["token_hash"])
        return token


def sweep(*, now: datetime | None = None) -> None:
    """Delete what can no longer be taken back."""
    now = now or database_now()
    with transaction.atomic():
        AddressChange.objects.filter(changed_at__lte=now - OPEN_FOR).delete()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
