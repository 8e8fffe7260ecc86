"""The whole way as steps, and what each of the two sees along it."""

from __future__ import annotations

from couples.clock import database_now
from couples.models import Partner
from repairs.models import Repair
from repairs.room import Room
from repairs.terms import Kind
from tests.conftest import ClientOf
from tests.factories import fresh

WAY: list[tuple[int, Kind, str]] = [
    *((2, Kind.NOW, "beginnings"), (1, Kind.SETTLED, "settlings"), (2, Kind.SETTLED, "settlings")),
    *((1, Kind.HURT, "hurts"), (2, Kind.NO_HURT, "hurts"), (2, Kind.ECHO, "echoes")),
    *((1, Kind.THATS_IT, "hearings"), (1, Kind.PART, "parts"), (2, Kind.PART, "parts")),
    *((1, Kind.TAKE_IN, "receptions"), (2, Kind.TAKE_IN, "receptions")),
    *((1, Kind.US, "bonds"), (2, Kind.US, "bonds")),
    *((1, Kind.SAFE_YES, "safe-answers"), (2, Kind.SAFE_YES, "safe-answers")),
]
"""Whose step it is, its kind, and the noun it is posted to."""


def page_of(client_of: ClientOf, who: Partner, repair: Repair) -> str:
    """Return the room as this person's browser gets it."""
    return client_of(who).get(f"/repairs/{repair.pk}/").content.decode()


def room_of(who: Partner, repair: Repair) -> Room:
    """Return the room as this person sees it now."""
    viewer, found = fresh(who), Repair.objects.get(pk=repair.pk)
    found.couple = viewer.couple
    return Room.enter(found, viewer, now=database_now())
