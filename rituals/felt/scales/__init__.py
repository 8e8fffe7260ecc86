"""Published scales: how each is scored, without the words of its items."""

from rituals.felt.scales.definition import CutOff, Definition, DefinitionRefused, definitions, load
from rituals.felt.scales.wording import Item, Sheet, WordingRefused, read_sheet

__all__ = [
    "CutOff",
    "Definition",
    "DefinitionRefused",
    "Item",
    "Sheet",
    "WordingRefused",
    "definitions",
    "load",
    "read_sheet",
]
