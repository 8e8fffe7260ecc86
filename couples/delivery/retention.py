"""For how long a promise is kept once it has been settled, and a dead endpoint remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from couples.clock import database_now
from couples.delivery.models.push import DEAD_FOR
from couples.models import DeadEndpoint, Reminder

KEPT = timedelta(days=35)
"""A settled promise is kept so that its occasion is not promised again, and for the operator.

An occasion can be promised again for as long as its source would still plan it. Longest are a
principle (until it lapses, a week after it was due), what comes once a week (until the week is
over), a hurt open for three days and an invitation (two days), and an ask (until its day, which
never moves, is over). Five weeks are well beyond all of them, and as long as backups are kept.
"""

BATCH = 1000
"""Rows deleted in one tick: a tick is there to send, and another comes in ten seconds."""


def sweep(*, now: datetime | None = None) -> None:
    """Delete promises that were settled more than 35 days ago, and what died 90 days ago."""
    now = now or database_now()
    DeadEndpoint.objects.filter(died_at__lte=now - DEAD_FOR).delete()
    over = Reminder.objects.filter(settled_at__lte=now - KEPT).order_by("settled_at")
    with transaction.atomic():
        # Another tick may be at it, or a verb that promises the same occasion anew.
        free = over.select_for_update(skip_locked=True).values_list("pk", flat=True)
        Reminder.objects.filter(pk__in=list(free[:BATCH])).delete()
