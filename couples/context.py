"""What the frame around every page shows."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from couples.days import DAY
from couples.models import Couple, Partner


def frame(request: HttpRequest) -> dict[str, Any]:
    """The viewer's place, if they have one, and what the demo and the quick exit need."""
    partner: Partner | None = getattr(request, "partner", None)
    return {
        "partner": partner,
        "day_left": partner and seconds_left(partner.couple, request.now),  # type: ignore[attr-defined]
        "me": _mark_of(request),
        "demo": settings.DEMO,
        "leave_to": settings.LEAVE_TO,
    }


def seconds_left(couple: Couple, now: datetime) -> int:
    """Return how long the couple's day still runs; static/js/day.js waits for its end."""
    return ceil((couple.begins(couple.today(now) + DAY) - now).total_seconds())


def _mark_of(request: HttpRequest) -> str:
    """Return what stands for the person on their own phone, and says nothing about them.

    Empty for nobody, and on a page whose view never asked who has come: it still asks for no one.
    """
    person = getattr(request, "_cached_user", None)  # set once somebody has asked for request.user
    if person is None or not person.is_authenticated:
        return ""
    return salted_hmac("couples.context.me", str(person.pk), algorithm="sha256").hexdigest()[:16]
