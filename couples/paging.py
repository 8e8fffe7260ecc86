"""Lists by key: a page begins after a row, never at a count, so that new rows shift nothing.

The cursor is the id of the last row shown. Ids are random, so a cursor tells neither how many rows
there are nor when one was made; it is looked up in the same list, so that somebody else's names
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, Q, QuerySet

SIZE = 20
"""Rows of a page: more than fit on a phone, few enough to come at once."""


ARCHIVE = 8
"""Rows of a page that is looked at seldom and has little on it in the first months."""


@dataclass(frozen=True)
class Page[Row: Model]:
    """Some rows of a list, and the cursor of the next page: empty on the last."""

    rows: list[Row]
    after: str


def page[Row: Model](
    rows: QuerySet[Row], *, newest_by: str, after: str = "", size: int = SIZE
) -> Page[Row]:
    """Return the rows that follow the one named by `after`, newest first by the field `newest_by`.

    Costs one query for the first page and two for each other. A cursor that names nothing in this
    list begins it anew.
    """
    ordered = rows.order_by(f"-{newest_by}", "-pk")
    if (last := _uuid(after)) and (
        edge := rows.order_by().filter(pk=last).values_list(newest_by, flat=True).first()
    ) is not None:
        ordered = ordered.filter(
            Q(**{f"{newest_by}__lt": edge}) | Q(**{newest_by: edge}, pk__lt=last)
        )
    found = list(ordered[: size + 1])
    shown = found[:size]
    return Page(shown, str(shown[-1].pk) if len(found) > size else "")


def _uuid(cursor: str) -> UUID | None:
    try:
        return UUID(cursor)
    except ValueError:  # whatever stands in an address: no row has this id
        return None
