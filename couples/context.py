"""What the frame around every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The viewer's place, if they have one, and what the demo and the quick exit need."""
    return {
        "partner": getattr(request, "partner", None),
        "demo": settings.DEMO,
        "leave_to": settings.LEAVE_TO,
    }
