"""What waits for one person: the first of it at once, and how much more there is."""

from __future__ import annotations

from django.db.models import Count, Model, QuerySet, Window

SHOWN = 10
"""Of each kind on Today; the rest stands in its list."""

IN_WHOLE = 280
"""Characters that a card shows in whole; what is longer is read, and answered, on its own page."""


def in_whole(*words: str | None) -> bool:
    """True when a card has room for all of these words, so that a tap on it may answer them."""
    return sum(len(each or "") for each in words) <= IN_WHOLE


def first[Row: Model](rows: QuerySet[Row]) -> tuple[list[Row], int]:
    """Return the first SHOWN of these rows, and how many more there are; one query."""
    found = list(rows.annotate(every=Window(Count("pk")))[:SHOWN])
    return found, found[0].every - len(found) if found else 0  # type: ignore[attr-defined]
