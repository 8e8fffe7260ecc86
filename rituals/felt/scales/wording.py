"""The wording of a scale, as an operator copies it from its authors' sheet, checked in full.

The file is TOML:

    scale = "csi-4"
    licence = "what the sheet says about its use, in its own words"
    source = "where the sheet was found, and when"
    instructions = "what stands over the items, if anything"

    [[items]]
    text = "the first item"
    answers = [[0, "what stands beside 0"], [1, "what stands beside 1"]]

The answers stand in the order of the sheet, each with the number printed there.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rituals.felt.scales.definition import Definition

LONGEST = 1000
"""Characters of one text: an item is a sentence or two."""

OF_FILE = frozenset({"scale", "licence", "source", "instructions", "items"})
OF_ITEM = frozenset({"text", "answers"})


class WordingRefused(Exception):
    """What is wrong in a file of wording, and where; every fault on a line of its own."""


@dataclass(frozen=True)
class Item:
    """One item, and its answers in the order of the sheet, each with the number printed there."""

    text: str
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Sheet:
    """The wording of one scale."""

    scale: str
    licence: str
    source: str
    instructions: str
    items: tuple[Item, ...]

    def stored(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return asdict(self)

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Sheet:
        """Return it from what a row kept."""
        items = tuple(
            Item(each["text"], tuple((number, label) for number, label in each["answers"]))
            for each in kept["items"]
        )
        return cls(**{**kept, "items": items})


def read_sheet(text: str, scales: Mapping[str, Definition]) -> Sheet:
    """Return the wording in `text`; raises WordingRefused naming every fault there is."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise WordingRefused(f"This is no TOML: {broken}") from broken
    faults = [f"{name}: unknown" for name in sorted(set(raw) - OF_FILE)]
    scale = scales.get(raw["scale"]) if isinstance(raw.get("scale"), str) else None
    if scale is None:
        faults.append(f"scale: one of {', '.join(scales)}")
    for name in ("licence", "source"):
        faults += _text_faults(name, raw.get(name))
    if "instructions" in raw:
        faults += _text_faults("instructions", raw["instructions"])
    if scale:
        faults += _item_faults(raw.get("items"), scale)
    if faults or scale is None:
        raise WordingRefused("\n".join(faults))
    items = tuple(
        Item(
            each["text"].strip(),
            tuple((number, label.strip()) for number, label in each["answers"]),
        )
        for each in raw["items"]
    )
    instructions = raw.get("instructions", "").strip()
    return Sheet(scale.key, raw["licence"].strip(), raw["source"].strip(), instructions, items)


def _item_faults(items: Any, scale: Definition) -> list[str]:
    count = len(scale.ranges)
    if not isinstance(items, list):
        return [f"items: missing; {scale.key} has {count}"]
    faults = [] if len(items) == count else [f"items: {scale.key} has {count}, not {len(items)}"]
    for number, (item, ends) in enumerate(zip(items, scale.ranges, strict=False), start=1):
        faults += [f"item {number}: {fault}" for fault in _faults_of(item, ends)]
    return faults


def _faults_of(item: Any, ends: tuple[int, int]) -> list[str]:
    if not isinstance(item, dict):
        return ["a table with `text` and `answers`"]
    faults = [f"{name}: unknown" for name in sorted(set(item) - OF_ITEM)]
    faults += _text_faults("text", item.get("text"))
    answers = item.get("answers")
    if not isinstance(answers, list) or not all(
        isinstance(each, list) and len(each) == 2 and type(each[0]) is int for each in answers
    ):
        return [*faults, 'answers: a list of pairs such as [0, "what stands beside 0"]']
    numbers = [number for number, _label in answers]
    wanted = range(ends[0], ends[1] + 1)
    faults += [f"answers: none for {each}" for each in wanted if each not in numbers]
    faults += [f"answers: there is no {each} here" for each in sorted(set(numbers) - set(wanted))]
    faults += [f"answers: {each} stands there twice" for each in wanted if numbers.count(each) > 1]
    if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        faults.append("answers: in the order of the sheet, from one end to the other")
    for number, label in answers:
        faults += _text_faults(f"answers: {number}", label)
    return faults


def _text_faults(where: str, value: Any) -> list[str]:
    if not isinstance(value, str) or not value.strip():
        return [f"{where}: missing"]
    if len(value) > LONGEST:
        return [f"{where}: longer than {LONGEST} characters"]
    if any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in value):
        return [f"{where}: holds a control character"]
    return []
