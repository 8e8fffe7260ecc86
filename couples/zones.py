"""Time zones: one source of their rules, their names old and new, and what people call them.

The rules come from the package `tzdata` alone (config/__init__.py shuts the machine's own files
out), so that every process on every machine computes the same instant, and an old name that a
browser or an older row still says is as good as the new one. What is read and typed is a city:
"Kolkata, India", found by "Calcutta" as well. Offsets are asked of `clock_of`, nowhere else.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

import tzdata
from django.utils.translation import gettext as _

NO_CITY = "UTC"
"""The one zone of no place that is offered; nobody gets it without having said so."""

A_YEAR = timedelta(days=366)

# Where a link of tzdata leads abroad (since 1970 both clocks agree), or where there is none.
RESPELLED = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Virgin": "America/St_Thomas",
    "Antarctica/South_Pole": "Antarctica/McMurdo",
    "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "Iceland": "Atlantic/Reykjavik",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
}


@cache
def clock_of(name: str) -> ZoneInfo:
    """Return the clock of a zone by any name it ever had; that of UTC for a name nobody knows.

    A row may hold such a name (or none, before somebody has said where they are): its page is
    drawn, and its owner is asked (`is_known`).
    """
    return ZoneInfo(name if name in _all() else NO_CITY)


def is_known(name: str) -> bool:
    """Say whether the rules know a zone by this name, old or new."""
    return name in _all()


def zones() -> list[str]:
    """Return the names of the zones that are offered, in alphabetical order: cities, and UTC."""
    return sorted([*_countries(), NO_CITY])


def present_name(name: str) -> str:
    """Return the name under which a zone is offered today: Asia/Kolkata for Asia/Calcutta.

    Zones of no place (Etc/GMT-7) and names nobody knows stay as they are.
    """
    found, links = RESPELLED.get(name, name), _links()
    while found not in _countries() and found in links:
        found = links[found]
    if found in _countries():
        return found
    return NO_CITY if found in ("Etc/UTC", "Etc/GMT") else name


def in_words(name: str) -> str:
    """Return what people call a zone: "Kolkata, India"; "Knox, Indiana, United States"."""
    name = present_name(name)
    return _place(name, _countries()[name]) if name in _countries() else city_of(name)


def city_of(name: str) -> str:
    """Return the city alone, for a sentence: "Kolkata"; "UTC+7" for a zone of no place."""
    name = present_name(name)
    if name in _countries():
        return _(name.rpartition("/")[2].replace("_", " "))
    ahead = name.removeprefix("Etc/GMT") if is_known(name) and name.startswith("Etc/GMT") else ""
    return NO_CITY + ahead.translate(str.maketrans("+-", "-+"))  # POSIX counts westward


def same_clock(one: str, other: str, *, now: datetime) -> bool:
    """Say whether two zones show the same time on every day of the coming year."""
    if one == other:
        return True
    first, second = clock_of(one), clock_of(other)
    days = (now + timedelta(days=n) for n in range(A_YEAR.days))
    return all(at.astimezone(first).utcoffset() == at.astimezone(second).utcoffset() for at in days)


def offered() -> list[tuple[str, str]]:
    """Return what can be chosen as (words, name), by region and city, then old spellings."""
    today = {in_words(name): name for name in zones()}
    old = {words: name for name in _old() if (words := _old_words(name)) not in today}
    return sorted(today.items(), key=_by_region) + sorted(old.items(), key=_by_region)


@cache
def names_of() -> dict[str, list[str]]:
    """Return every name, old and new, under which a phone may know each city that is offered."""
    found = defaultdict(list)
    for name in sorted(_all()):
        if present_name(name) != NO_CITY:
            found[present_name(name)].append(name)
    return dict(found)


def find(typed: str) -> str | None:
    """Return the one zone that somebody means by what they typed, or None where that is open.

    A city, a city with its country, a country with one clock, an old spelling, a name of the IANA
    database; capitals, accents and punctuation do not matter. Nothing is guessed: "EST" is not
    Estonia.
    """
    typed = typed.strip()
    if "/" in typed and is_known(typed):
        return present_name(typed)
    found = _by_words().get(_plain(typed), set())
    return next(iter(found)) if len(found) == 1 else None


def near(typed: str) -> list[str]:
    """Return zones in whose words a word begins as typed, in alphabetical order; at most nine."""
    said = f" {_plain(typed)}"
    found = {name for words, names in _by_words().items() if said in f" {words}" for name in names}
    return sorted(found)[:9] if said.strip() else []


def version() -> str:
    """Return the release of the rules in use, such as "2026f"."""
    return str(tzdata.IANA_VERSION)


def _by_region(each: tuple[str, str]) -> tuple[str, str]:
    words, name = each
    return name.partition("/")[0], words


def _place(name: str, country: str) -> str:
    """A city and where it lies, from the parts of its name."""
    _region, *parts = name.replace("_", " ").split("/")
    parts = [_(part) for part in reversed(parts)]
    return ", ".join(parts if parts[-1] == country else [*parts, _(country)])


def _old() -> Iterator[str]:
    """Names with a place in them that are offered no more."""
    gone = (name for name in sorted(_all()) if "/" in name and not name.startswith("Etc/"))
    return (name for name in gone if name not in _countries())


def _old_words(name: str) -> str:
    return _place(name, _countries()[present_name(name)])


@cache
def _by_words() -> dict[str, set[str]]:
    """Which zones each plain word may mean."""
    found = defaultdict(set)
    for words, name in offered():
        now = present_name(name)
        for said in (words, words.partition(",")[0], name):
            found[_plain(said)].add(now)
    for name, country in _countries().items():
        found[_plain(country)].add(name)
    return dict(found)


def _plain(text: str) -> str:
    """Lower case, without accents, every run of other signs one blank."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


@cache
def _all() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory"})


@cache
def _countries() -> dict[str, str]:
    """The country of each zone that is offered."""
    names = dict(line[:2] for line in _table("iso3166.tab"))
    return {zone: names[code] for code, _where, zone, *_ in _table("zone.tab") if zone in _all()}


@cache
def _links() -> dict[str, str]:
    """What each other name stands for now."""
    rules = resources.files("tzdata").joinpath("zoneinfo/tzdata.zi").read_text(encoding="utf-8")
    lines = (line.split() for line in rules.splitlines() if line.startswith("L "))
    return {name: stands_for for _link, stands_for, name in lines}


def _table(name: str) -> list[list[str]]:
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
