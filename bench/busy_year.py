"""A year of a busy couple makes no page slower than 1.2 times a new couple's.

The new couple has lived one month at the same pace, so that its pages have as much to draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from bench.lives import couple
from bench.ratio import Row, pairs
from couples import access
from couples.models import Partner
from pages.today import partner_or_welcome

YEAR, MONTH = 365, 30
ROUNDS = 31
TARGET = 1.2


def measure() -> list[Row]:
    """Return one row for each page that a partner can open, by its address or from a list."""
    new, busy = (couple(name, days=days)[0] for name, days in LIVES.items())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    urls = [_addresses(partner) for partner in (busy, new)]
    browsers = [_browser(partner) for partner in (busy, new)]
    rows = []
    for name in sorted(urls[0].keys() & urls[1].keys()):
        sides = [partial(who.get, each[name]) for who, each in zip(browsers, urls, strict=True)]
        if all(side().status_code == OK for side in sides):
            middle, low, high = pairs(*sides, rounds=ROUNDS)
            rows.append(Row(f"busy_year {name}", middle, low, high, TARGET))
    return rows


LIVES = {"new": MONTH, "busy": YEAR}
OK = 200


def _addresses(partner: Partner) -> dict[str, str]:
    """Return the address of each page by its name, with something of the couple's own in it."""
    own = {
        "agreement_id": partner.couple.agreements.latest("pk").pk,
        "ask_id": partner.couple.asks.closed(since=date.min).latest("asked_at").pk,
        "mark_id": partner.marks.latest("marked_at").pk,
        "repair_id": None,  # the rituals live without one
        "ritual_id": partner.couple.rituals.earliest("pk").pk,
        "third_id": partner.couple.thirds.earliest("since").pk,
        "topic_id": partner.couple.topics.exclude(closed_on=None).latest("raised_at").pk,
    }
    found = {}
    for name, takes in _pages(get_resolver(), ()):
        keys = {taken: own.get(taken) for taken in takes}
        if all(keys.values()):
            found[name] = reverse(name, kwargs=keys)
    return found


def _browser(partner: Partner) -> Client:
    client = Client()
    client.force_login(partner.person)
    return client


def _pages(resolver: URLResolver, taken: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        takes = (*taken, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern, takes)
        elif getattr(pattern.callback, "gate", None) in {access.partner, partner_or_welcome}:
            yield str(pattern.name), takes
