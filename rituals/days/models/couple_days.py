"""When a couple's day begins: the clock on whose wall, and at what time."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from couples.clock import database_now
from couples.models import Partner
from couples.registry import registered


def keep_days(*, by: Partner, zone: str, day_start: time, now: datetime | None = None) -> None:
    """Let the days of the couple of `by` follow the clock of `zone` and begin at `day_start`.

    A mark keeps the date it was made for, whatever day it is by the new clock
    (docs/decisions/marks-keep-their-date.md). Reminders of both follow.
    """
    now = now or database_now()
    couple = by.couple
    with transaction.atomic():
        couple.lock()
        couple.day_zone, couple.day_start = zone, day_start
        couple.save(update_fields=["day_zone", "day_start"])
        for partner in couple.together:
            partner.couple = couple  # one instance, so that both are planned by the new clock
            for replan in registered("CLOCK_CHANGES"):
                replan(partner, now=now)
        couple.publish("today", "us")
