"""Who has arrived: the person of a session and both seats of their couple, in one query.

Nearly every page needs both, so that what Django asks for anyway (whose session is this?) brings
the couple along, with the keys that open words and the database's instant of the arrival.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models.functions import Now

from couples.models import Partner, Person

PLACE = "_place"


class Arrival(AuthenticationBackend):  # type: ignore[misc]
    """Signs in as allauth does; a later request finds the couple together with the person."""

    def get_user(self, user_id: Any) -> Person | None:
        """Return the active person with this id, or None."""
        place = _find(user_id)
        found = place.person if place else Person.objects.filter(pk=user_id).first()
        if found is None or not found.is_active:
            return None
        vars(found)[PLACE] = place
        return found


def place_of(person: Person) -> Partner | None:
    """Return the person's place in their live couple, with both seats, or None.

    Asks the database only for somebody who did not arrive with this request's session.
    """
    # `request.user` may be a lazy stand-in, which has no __dict__ of its own to look into.
    missing = object()
    place = getattr(person, PLACE, missing)
    return _find(person.pk) if place is missing else place  # type: ignore[return-value]


def _find(person: UUID) -> Partner | None:
    everyone = list(
        Partner.objects.live()
        .with_keys()
        .filter(couple__partners__person=person, couple__partners__ended_at=None)
        .annotate(now=Now())
        .order_by("seat")
    )
    mine = next((place for place in everyone if str(place.person_id) == str(person)), None)
    if mine:
        for each in everyone:
            each.couple = mine.couple
        mine.couple.together = everyone
    return mine
