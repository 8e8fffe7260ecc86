"""Accounts that nobody ever proved go by themselves: a mistyped address is somebody else's."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef

from couples.clock import database_now
from couples.models import Key, Person

KEPT = timedelta(days=7)
"""Far longer than any code holds; whoever comes later signs up anew, and has lost nothing."""


def sweep(*, now: datetime | None = None) -> None:
    """Delete accounts of a week ago whose mailbox was never proved and that are in no couple.

    Nobody applies as a therapist, or writes anything, before the proof.
    """
    now = now or database_now()
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    unproved = Person.objects.filter(
        Exists(addresses.filter(verified=False)),
        ~Exists(addresses.filter(verified=True)),
        created_at__lt=now - KEPT,
        is_staff=False,
        places=None,
        manual=None,
    )
    with transaction.atomic():
        # Whoever is being proved at this moment is passed over.
        locked = Person.objects.select_for_update(skip_locked=True).filter(pk__in=unproved)
        gone = list(locked.values_list("pk", flat=True))
        Key.objects.filter(person__in=gone).delete()
        Person.objects.filter(pk__in=gone).delete()
