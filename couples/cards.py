"""Pieces of a page that other rooms own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from couples.access import PartnerRequest
from couples.registry import registered


class Place(IntEnum):
    """Where on its page a piece stands, from the top down."""

    CALL = 1  # somebody asks to come back to something: seen without moving the page
    FIRST = 2  # what is to do now, and a good word
    WAITING = 3
    DONE = 4
    LAST = 5
    ACTIONS = 6  # in reach of the thumb


@dataclass(frozen=True)
class Card:
    """One piece: its template, what it shows under the name `card`, and where it stands."""

    template: str
    shows: dict[str, Any] = field(default_factory=dict)
    place: Place = Place.WAITING
    for_one: bool = False
    """It says nothing of the other, so that it stands on Today also while they are silent."""
    in_use: bool = True
    """On Us: there is something of the two in it. What is not in use yet stands folded."""


def cards(kind: str, request: PartnerRequest) -> list[Card]:
    """Return the cards that every room puts on the page `kind` for this viewer, from the top."""
    gathered = [card for room in registered(kind) for card in room(request)]
    return sorted(gathered, key=lambda card: card.place)
