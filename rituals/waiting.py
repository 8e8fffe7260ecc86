"""What waits for one person: the first of it at once, and how much more there is."""

from __future__ import annotations

from django.db.models import Count, Model, QuerySet, Window

SHOWN = 10
"""Of each kind on Today; the rest stands in its list."""


def first[Row: Model](rows: QuerySet[Row]) -> tuple[list[Row], int]:
    """Return the first SHOWN of these rows, and how many more there are; one query."""
    found = list(rows.annotate(every=Window(Count("pk")))[:SHOWN])
    return found, found[0].every - len(found) if found else 0  # type: ignore[attr-defined]
