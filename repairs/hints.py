"""Quiet hints on words that undo an apology: read from `hints.toml`, checked in full.

The file says in its head how a phrase is written. A phrase becomes a regular expression of the kind
that Python and JavaScript read alike. `static/js/hints.js` does on the phone what `first` does
here; what is being typed never comes here to be looked at.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("hints.toml")

REACH = 12
"""Words that "…" can stand for at the most, all of one sentence."""

EXAMPLES = 2
"""Sentences of either sort that each hint has to bring, at the least."""

LISTS = ("phrases", "unless", "raised_by", "not_raised_by", "sources")
WORDS = ("id", "says", "why")
ID = re.compile(r"[a-z]+(-[a-z]+)*")
PIECE = re.compile(r"\(([^()]*)\)|([^\s()]+)")
WORD = re.compile(r"[a-z0-9\u00c0-\u024f]+\*?")
APOSTROPHES = re.compile("['’‘ʼ]")  # phones write all four
ENDS = re.compile(r"[.!?;…\n\r]+")
BETWEEN = re.compile(r"[^a-z0-9\u00c0-\u024f.]+")


class HintsRefused(Exception):
    """What is wrong in the file of hints, and where."""


@dataclass(frozen=True)
class Hint:
    """One pattern with its reason. `raised` is an expression to look for in plain text."""

    id: str
    says: str
    why: str
    safety: bool  # the hint leads to the safety page
    raised: str
    sources: tuple[str, ...]
    raised_by: tuple[str, ...]
    not_raised_by: tuple[str, ...]

    def is_raised_by(self, text: str) -> bool:
        """True when a sentence of `text` holds a phrase, and nothing that excuses it."""
        return bool(re.search(self.raised, plain(text)))


def plain(text: str) -> str:
    """Return `text` in small letters without apostrophes: words, and dots between sentences.

    One space stands before and after each.
    """
    joined = ENDS.sub(" . ", APOSTROPHES.sub("", text.lower()))
    return f" {BETWEEN.sub(' ', joined)} "


def first(text: str, among: Iterable[Hint]) -> Hint | None:
    """Return the first hint, in the order of the file, that some sentence of `text` raises."""
    return next((hint for hint in among if hint.is_raised_by(text)), None)


def expression(phrase: str) -> str:
    """Return the regular expression of one phrase; raises ValueError with what is wrong in it."""
    plain = APOSTROPHES.sub("", phrase.lower())
    if PIECE.sub("", plain).strip() or re.search(r"[^\s]\(|\)[^\s]", plain):
        raise ValueError("brackets come in pairs, not in each other, with a space on either side")
    pieces = [_piece(found) for found in PIECE.finditer(plain)]
    whole = "".join(pieces)
    if re.search(f"{whole}(?= )", " "):
        raise ValueError("at least one word has to be there")
    return f"{whole}(?= )"


def _piece(found: re.Match[str]) -> str:
    if found[2] == "…":
        return rf"(?: [^ .]+){{0,{REACH}}}"
    if found[2]:
        return _word(found[2])
    choices = ["".join(map(_word, each.split())) for each in found[1].split("|")]
    return f"(?:{'|'.join(choices)})"


def _word(word: str) -> str:
    if not WORD.fullmatch(word):
        raise ValueError(f"{word!r} is no word")
    return f" {word[:-1]}[^ ]*" if word.endswith("*") else f" {word}"


@cache
def hints() -> tuple[Hint, ...]:
    """Return the hints that are shipped, in their order; raises HintsRefused."""
    return load(FILE.read_text(), where=FILE.name)


def load(text: str, *, where: str) -> tuple[Hint, ...]:
    """Return the hints that `text`, TOML, defines; raises HintsRefused with every fault.

    A hint that its own sentences contradict is refused as well.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise HintsRefused(f"{where}: {broken}") from broken
    faults = [f"{name}: unknown" for name in sorted(set(raw) - {"sources", "hint"})]
    found = [_hint(each, raw.get("sources", {}), faults) for each in raw.get("hint", [])]
    ids = [each.id for each in found if each]
    faults += sorted({f"{each}: stands there twice" for each in ids if ids.count(each) > 1})
    if not found:
        faults.append("there is no [[hint]]")
    if faults:
        raise HintsRefused("\n".join(f"{where}: {fault}" for fault in faults))
    return tuple(each for each in found if each)


def _hint(raw: dict[str, Any], known: dict[str, str], faults: list[str]) -> Hint | None:
    """Return one hint, or None after noting each of its faults."""
    here = str(raw.get("id", "a hint without an id"))
    told = [f"{name}: unknown" for name in sorted(set(raw) - {*WORDS, *LISTS, "safety"})]
    told += [f"{name}: missing" for name in WORDS if not _is_text(raw.get(name))]
    lists = {name: raw.get(name, []) for name in LISTS}
    told += [f"{name}: a list of texts" for name in LISTS if not _is_texts(lists[name])]
    if not isinstance(raw.get("safety", False), bool):
        told.append("safety: true or false")
    if not told:
        told += _shape(raw, lists, known)
    raised = "" if told else _raised(lists["phrases"], lists["unless"], told)
    if not told:
        return _checked(_made(raw, lists, raised), faults)
    faults += [f"{here}: {each}" for each in told]
    return None


def _made(raw: dict[str, Any], lists: dict[str, list[str]], raised: str) -> Hint:
    return Hint(
        **{name: raw[name].strip() for name in WORDS},
        safety=raw.get("safety", False),
        raised=raised,
        sources=tuple(lists["sources"]),
        raised_by=tuple(lists["raised_by"]),
        not_raised_by=tuple(lists["not_raised_by"]),
    )


def _checked(hint: Hint, faults: list[str]) -> Hint:
    """Return the hint, after noting the sentences on which it does not do what they say."""
    missed = [each for each in hint.raised_by if not hint.is_raised_by(each)]
    wrong = [each for each in hint.not_raised_by if hint.is_raised_by(each)]
    faults += [f"{hint.id}: “{each}” does not raise it" for each in missed]
    faults += [f"{hint.id}: “{each}” raises it" for each in wrong]
    return hint


def _shape(raw: dict[str, Any], lists: dict[str, list[str]], known: dict[str, str]) -> list[str]:
    """Return what is wrong with texts and lists that are texts and lists."""
    told = [] if ID.fullmatch(raw["id"]) else ["id: small letters and hyphens"]
    told += [f"{name}: missing" for name in ("phrases", "sources") if not lists[name]]
    told += [
        f"sources: {each!r} is not in [sources]" for each in set(lists["sources"]) - set(known)
    ]
    return told + [
        f"{name}: at least {EXAMPLES} sentences"
        for name in ("raised_by", "not_raised_by")
        if len(lists[name]) < EXAMPLES
    ]


def _raised(phrases: list[str], unless: list[str], told: list[str]) -> str:
    """Return the expression for a sentence with one of `phrases` and none of `unless`."""
    found: dict[str, str] = {}
    for phrase in (*phrases, *unless):
        try:
            found[phrase] = expression(phrase)
        except ValueError as wrong:
            told.append(f"“{phrase}”: {wrong}")
    if told:
        return ""
    held = f"(?![^.]*(?:{'|'.join(found[each] for each in unless)}))" if unless else ""
    return rf"(?:^|\.){held}[^.]*(?:{'|'.join(found[each] for each in phrases)})"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))
