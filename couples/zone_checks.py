"""At the start: how old the rules of clocks are, whom they do not know, and who disagrees.

Every instant is computed in Python, by the package `tzdata`. PostgreSQL brings rules of its own,
which may be older or lack names; nothing of ours asks them (a test holds the code to it), but an
operator's own SQL would be an hour off, so the difference is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.checks import CheckMessage, Info, Tags, register
from django.db import DatabaseError, connections

from couples.zones import clock_of, is_known, version

AHEAD = timedelta(days=548)
"""Eighteen months: as far as anything is planned."""

WEEK = timedelta(days=7)

OFFSETS = """
    SELECT zone, extract(epoch FROM (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC'))::integer
    FROM unnest(%s::text[]) AS zone CROSS JOIN unnest(%s::timestamptz[]) AS at
    ORDER BY zone, at
"""


def rules_in_words() -> str:
    """Return one line on the rules in use, for whoever starts the app."""
    old = " They are old: make requirements, and install again." if are_old(today=_today()) else ""
    return f"Clocks follow the rules of {version()} (tzdata).{old}"


def are_old(*, today: date) -> bool:
    """Say whether the rules must be behind: several releases a year have come out for decades.

    Those of a year count as fresh until the end of March of the next.
    """
    return int(version()[:4]) < (today - timedelta(days=90)).year


@register()
def rules_are_fresh(**_asked: Any) -> list[CheckMessage]:
    """Say it when the rules are old."""
    if not are_old(today=_today()):
        return []
    return [Info(rules_in_words(), id="couples.I001")]


@register(Tags.database)
def rules_are_the_same_everywhere(
    *, databases: Sequence[str] | None = None, **_asked: Any
) -> list[CheckMessage]:
    """Say which zones in use nobody knows, and for which the database has other rules."""
    return [found for alias in databases or () for found in _of_database(alias)]


def _of_database(alias: str) -> Iterator[CheckMessage]:
    try:
        used = zones_in_use(alias)
    except DatabaseError:  # before the first migration
        return
    known = sorted(zone for zone in used if is_known(zone))
    if unknown := used - {*known, ""}:
        said = f"{len(unknown)} zones in use are unknown to tzdata {version()}; UTC stands in, and"
        yield Info(f"{said} their people are asked.", hint=_named(unknown), id="couples.I002")
    if differing := disagreeing(known, alias=alias, now=datetime.now(UTC)):
        said = f"PostgreSQL has other rules than tzdata {version()} for {len(differing)} zones in"
        hint = f"The app computes in Python and is right; SQL by hand is not: {_named(differing)}"
        yield Info(f"{said} use, in the coming 18 months.", hint=hint, id="couples.I003")


def zones_in_use(alias: str) -> set[str]:
    """Return every zone that a person or a couple goes by."""
    asked = "SELECT time_zone FROM couples_person UNION SELECT day_zone FROM couples_couple"
    with connections[alias].cursor() as cursor:
        cursor.execute(asked)
        return {zone for (zone,) in cursor.fetchall()}


def disagreeing(zones: Iterable[str], *, alias: str, now: datetime) -> list[str]:
    """Return those of the zones for which the database has no rules, or others from now on."""
    wanted = list(zones)
    weeks = [now + WEEK * n for n in range(AHEAD // WEEK)]
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names WHERE name = ANY(%s)", [wanted])
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(OFFSETS, [sorted(there), weeks])
        says: dict[str, list[int]] = {}
        for zone, seconds in cursor.fetchall():
            says.setdefault(zone, []).append(seconds)
    ours = {zone: [_offset(zone, at) for at in weeks] for zone in wanted}
    return [zone for zone in wanted if says.get(zone) != ours[zone]]


def _offset(zone: str, at: datetime) -> int:
    ahead = at.astimezone(clock_of(zone)).utcoffset()
    return int((ahead or timedelta()).total_seconds())


def _named(zones: Iterable[str]) -> str:
    return ", ".join(sorted(zones)) + "."


def _today() -> date:
    return datetime.now(UTC).date()
