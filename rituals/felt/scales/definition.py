"""How a published scale is scored, read from a file beside this one and checked in full.

A definition holds what can be counted: the range of each item, which items are turned round, how
they add up, cut-offs, reliable change, citation and licence. It never holds the wording.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
HERE = frozenset(
    {
        *("key", "name", "citation", "licence", "ranges", "reversed"),
        *("scoring", "cut_offs", "reliable_change"),
    }
)
MEANINGS = frozenset({"notable_distress"})
"""What a cut-off can mean; each has a sentence of ours on the page of results."""

WIDEST = 100
"""Points of one item at the most: more is a mistake in the file."""


class DefinitionRefused(Exception):
    """What is wrong in a definition file, and where."""


@dataclass(frozen=True)
class CutOff:
    """Below this total the authors speak of something by name."""

    below: float
    means: str


@dataclass(frozen=True)
class Definition:
    """One scale. Ranges are of printed numbers, lowest and highest, both included."""

    key: str
    name: str
    citation: str
    licence: str
    ranges: tuple[tuple[int, int], ...]
    reversed: frozenset[int]
    lowest: int
    highest: int
    cut_offs: tuple[CutOff, ...]
    reliable_change: float | None

    def total(self, printed: Sequence[int]) -> int:
        """Return the sum of the printed numbers, those of reversed items turned round.

        Raises ValueError for a number too many or too few, or outside the range of its item.
        """
        if len(printed) != len(self.ranges):
            raise ValueError(f"{self.key} has {len(self.ranges)} items")
        return sum(self._points(number, value) for number, value in enumerate(printed, start=1))

    def below(self, total: int) -> list[CutOff]:
        """Return the cut-offs that `total` lies below; the cut-off itself is not below it."""
        return [each for each in self.cut_offs if total < each.below]

    def reliably_changed(self, before: int, after: int) -> bool:
        """True when two totals lie further apart than error alone would hardly bring.

        False where no figure is known: nothing is said then.
        """
        return self.reliable_change is not None and abs(after - before) >= self.reliable_change

    def _points(self, number: int, value: int) -> int:
        low, high = self.ranges[number - 1]
        if not low <= value <= high:
            raise ValueError(f"item {number} of {self.key} runs from {low} to {high}")
        return low + high - value if number in self.reversed else value


@cache
def definitions() -> dict[str, Definition]:
    """Return the scales that are shipped, by key, shortest first; raises DefinitionRefused."""
    loaded = [load(file.read_text(), where=file.name) for file in sorted(FOLDER.glob("*.toml"))]
    for each, file in zip(loaded, sorted(FOLDER.glob("*.toml")), strict=True):
        if each.key != file.stem:
            raise DefinitionRefused(f"{file.name}: key: a file is named as its scale")
    return {each.key: each for each in sorted(loaded, key=lambda each: len(each.ranges))}


def load(text: str, *, where: str) -> Definition:
    """Return the scale that `text`, TOML, defines; raises DefinitionRefused with every fault."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise DefinitionRefused(f"{where}: {broken}") from broken
    faults = _Faults()
    found = faults.definition(raw)
    if found is None or faults.told:
        raise DefinitionRefused("\n".join(f"{where}: {fault}" for fault in faults.told))
    return found


class _Faults:
    """Reads a definition piece by piece, and notes what is wrong with each."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def definition(self, raw: dict[str, Any]) -> Definition | None:
        self.told += [f"{name}: unknown" for name in sorted(set(raw) - HERE)]
        words = {name: self._words(raw, name) for name in ("key", "name", "citation", "licence")}
        if words["key"] and not KEY.fullmatch(words["key"]):
            self.told.append("key: small letters, digits and hyphens")
        ranges = self._ranges(raw.get("ranges"))
        turned = self._reversed(raw.get("reversed"), len(ranges))
        lowest, highest = self._scoring(raw.get("scoring"), ranges)
        cut_offs = self._cut_offs(raw.get("cut_offs"), lowest, highest)
        change = self._change(raw.get("reliable_change"), highest - lowest)
        if self.told:
            return None
        return Definition(
            **words,
            ranges=ranges,
            reversed=turned,
            lowest=lowest,
            highest=highest,
            cut_offs=cut_offs,
            reliable_change=change,
        )

    def _words(self, raw: dict[str, Any], name: str) -> str:
        value = raw.get(name)
        if not isinstance(value, str) or not value.strip():
            self.told.append(f"{name}: missing")
            return ""
        return value.strip()

    def _ranges(self, value: Any) -> tuple[tuple[int, int], ...]:
        if not isinstance(value, list) or not value:
            self.told.append("ranges: a list with [lowest, highest] of each item")
            return ()
        for number, pair in enumerate(value, start=1):
            if not (isinstance(pair, list) and len(pair) == 2 and all(map(_whole, pair))):
                self.told.append(f"ranges: item {number}: two whole numbers, lowest and highest")
            elif not 0 < pair[1] - pair[0] <= WIDEST:
                self.told.append(f"ranges: item {number}: {pair[0]} to {pair[1]} is no range")
        return () if self.told else tuple((low, high) for low, high in value)

    def _reversed(self, value: Any, count: int) -> frozenset[int]:
        if not isinstance(value, list) or not all(map(_whole, value)):
            self.told.append("reversed: a list of items, counted from 1; empty for none")
            return frozenset()
        wrong = [each for each in value if count and not 1 <= each <= count]
        self.told += [f"reversed: there is no item {each}" for each in wrong]
        if len(set(value)) != len(value):
            self.told.append("reversed: an item stands there twice")
        return frozenset(value)

    def _scoring(self, value: Any, ranges: tuple[tuple[int, int], ...]) -> tuple[int, int]:
        """Return the lowest and highest total, which must be what the ranges add up to."""
        if not isinstance(value, dict) or value.get("method") != "sum":
            self.told.append('scoring: method: "sum" is the one we know')
            return 0, 0
        ends = [value.get("lowest"), value.get("highest")]
        adds = [sum(low for low, _high in ranges), sum(high for _low, high in ranges)]
        for name, given, real in zip(("lowest", "highest"), ends, adds, strict=True):
            if ranges and (not _whole(given) or given != real):
                self.told.append(f"scoring: {name}: the ranges add up to {real}, not {given}")
        return adds[0], adds[1]

    def _cut_offs(self, value: Any, lowest: int, highest: int) -> tuple[CutOff, ...]:
        if not isinstance(value, list):
            self.told.append("cut_offs: a list; empty where the authors name none")
            return ()
        found = []
        for number, raw in enumerate(value, start=1):
            each: dict[str, Any] = raw if isinstance(raw, dict) else {}
            below, means = each.get("below"), each.get("means")
            if not _number(below) or means not in MEANINGS:
                self.told.append(f"cut_offs: {number}: a number `below` and a meaning we know")
            elif highest > lowest and not lowest < float(below or 0) <= highest:
                self.told.append(f"cut_offs: {number}: {below} lies outside {lowest} to {highest}")
            else:
                found.append(CutOff(float(below or 0), str(means)))
        return tuple(found)

    def _change(self, value: Any, span: int) -> float | None:
        if not isinstance(value, dict):
            self.told.append("reliable_change: `points` with their `source`, or `not_given`")
            return None
        if "points" not in value:
            self._sourced(value, "not_given")
            return None
        self._sourced(value, "source")
        points = value["points"]
        if not _number(points) or not 0 < points <= (span or points):
            self.told.append(f"reliable_change: points: {points} is no part of {span}")
            return None
        return float(points)

    def _sourced(self, value: dict[str, Any], name: str) -> None:
        if not isinstance(value.get(name), str) or not value[name].strip():
            self.told.append(f"reliable_change: {name}: missing")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    # `inf` and `nan` are numbers of TOML too, and equal to none of ours.
    return _whole(value) or (isinstance(value, float) and abs(value) < float("inf"))
