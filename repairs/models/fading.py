"""What time does to repairs: untouched they rest, and the words of a held one fade."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from couples.append_only import retention
from couples.clock import database_now
from repairs.models.repair import Repair

log = logging.getLogger(__name__)

RESTS_AFTER = timedelta(days=30)
MANY = 100
"""Repairs whose words one tick lets fade; the next tick takes the next."""


def sweep(*, now: datetime | None = None) -> None:
    """Let rest what nobody has touched for 30 days, and let words fade 90 days after it held.

    Words that both keep stay. One repair that cannot be read holds up no other. Run with every
    tick; costs two queries when there is nothing to do.
    """
    now = now or database_now()
    Repair.objects.under_way().filter(touched_at__lt=now - RESTS_AFTER).update(resting=True)
    over = Q(fades_on__lt=now.date(), faded_on=None, kept=False)
    for repair in Repair.objects.filter(over).select_related("couple").order_by("fades_on")[:MANY]:
        # Their own date can be two days behind that of UTC: by its zone, and by its start.
        if repair.fades_on and repair.couple.today(now) < repair.fades_on:
            continue
        try:
            _fade(repair, now=now)
        except (OperationalError, InterfaceError):
            raise  # without a database none of them can fade
        except Exception:
            log.exception("the words of repair %s did not fade", repair.pk)


def _fade(repair: Repair, *, now: datetime) -> None:
    with transaction.atomic():
        repair.couple.lock()
        fresh = Repair.objects.select_for_update(of=("self",)).get(pk=repair.pk)
        if fresh.kept or fresh.faded_on:
            return
        with retention():
            for said in fresh.acts.filter(Q(words__isnull=False) | Q(next_time__isnull=False)):
                said.silence()
        fresh.silence()
        fresh.faded_on = fresh.couple.today(now)
        fresh.save(update_fields=["faded_on"])
