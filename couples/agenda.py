"""What two people could talk about when they sit down together, gathered from every room.

A room names a source in the settings (`AGENDA`), in the order in which things are talked about. An
agenda is for both: a source brings nothing that one of the two may not see, and nothing that is
there for one alone. What somebody has muted stands on it all the same, or a gap would tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.utils.functional import Promise

from couples.models import Couple
from couples.registry import registered

if TYPE_CHECKING:  # a meeting asks for its agenda, and models are there before views
    from couples.access import PartnerRequest
    from couples.cards import Card

MOST = 7
"""Items of one kind on an agenda: more than two people talk about in one evening."""


@dataclass(frozen=True)
class Item:
    """One thing to talk about. `subject` is the id of what it is, if it is one thing."""

    kind: str
    line: str
    subject: UUID | None = None


class Source(Protocol):
    """What an agenda asks of a room."""

    kind: str
    label: str | Promise
    """What sort of thing it is, in a few words."""

    def waiting(self, couple: Couple, today: date) -> list[Item]:
        """Return what there is on the couple's day `today`, the longest waiting first.

        At most MOST items, in a fixed number of queries.
        """

    def card(self, request: PartnerRequest, subject: UUID | None) -> Card | None:
        """Return `subject` as the viewer sees it now, or None when it is there no more."""


def agenda(couple: Couple, today: date) -> list[Item]:
    """Return what the two could talk about on `today`, in order."""
    return [item for source in _sources() for item in source.waiting(couple, today)[:MOST]]


def source_of(kind: str) -> Source | None:
    """Return the source of this kind, or None when no installed room has such items."""
    return next((source for source in _sources() if source.kind == kind), None)


def _sources() -> list[Source]:
    return [make() for make in registered("AGENDA")]
