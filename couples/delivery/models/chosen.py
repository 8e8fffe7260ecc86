"""Who has asked to be told of what: promises that are off at the start are made for them alone."""

from __future__ import annotations

from collections.abc import Iterable

from couples.delivery.models.preference import Preference, Way
from couples.models.couple import Partner


def who_chose(kind: str, partners: Iterable[Partner]) -> list[Partner]:
    """Return those of `partners` who have turned this kind on; one query."""
    asked = {partner.person_id: partner for partner in partners}
    turned_on = Preference.objects.filter(person__in=asked, kind=kind).exclude(way=Way.NONE)
    found = set(turned_on.values_list("person", flat=True))
    return [partner for person, partner in asked.items() if person in found]
