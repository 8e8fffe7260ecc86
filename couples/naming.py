"""What somebody is called: the other reads a name on every page, so it is no place for messages."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from couples import brakes
from couples.clock import database_now
from couples.models.couple import Partner
from couples.models.person import Person


class NameRefused(Exception):
    """Why a name cannot change yet, in words for the person who tried."""


def rename(person: Person, name: str, *, now: datetime | None = None) -> None:
    """Keep the name by which the other partner and a therapist see this person.

    The name they have already changes nothing. Raises NameRefused beyond the brake; a first name,
    and one that nobody reads yet, need none.
    """
    now = now or database_now()
    with transaction.atomic():
        place = Partner.objects.live().with_keys().filter(person=person).first()
        if place:
            place.couple.lock()
        if person.name == name:
            return
        if place and place.other and person.name:
            brakes.hold("name", by=place, refused=NameRefused, now=now)
        person.call_me(name)
