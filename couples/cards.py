"""Pieces of a page that other rooms own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.http import HttpResponse

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


def gathered(*rooms: list[Card]) -> list[Card]:
    """Return the cards of several rooms as they stand on one page, from the top."""
    return sorted((card for room in rooms for card in room), key=lambda card: card.place)


def board(request: PartnerRequest) -> HttpResponse:
    """Return the part of Today that changes, for a view whose act has changed it."""
    (draw,) = registered("BOARD")
    answer: HttpResponse = draw(request)
    return answer
