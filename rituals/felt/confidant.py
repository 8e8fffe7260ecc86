"""Who beside oneself may read one's results: asked of a higher room (`CONFIDANTS`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from couples.models import Partner
from couples.registry import registered


@dataclass(frozen=True)
class Confidant:
    """Somebody the couple has let in.

    `reads` says whether results can be shown to them alone; what was shown before `since` was
    shown to somebody else.
    """

    name: str
    reads: bool
    since: datetime


def confidant(me: Partner) -> Confidant | None:
    """Return the one whom this partner could show a result, or None; at most one query."""
    found = (ask(me) for ask in registered("CONFIDANTS"))
    return next((each for each in found if each), None)
