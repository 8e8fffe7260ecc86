"""A year of a busy couple makes no page slower than 1.2 times a new couple's.

The new couple has lived one month at the same pace, so that its pages have as much to draw.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bench.lives import couple
from bench.ratio import Row, pairs
from couples import access
from couples.models import Partner
from couples.views.today import partner_or_welcome

YEAR, MONTH = 365, 30
ROUNDS = 31
TARGET = 1.2


def measure() -> list[Row]:
    """Return one row for each page that a partner can open by its address alone."""
    new, busy = (_browser(couple(name, days=days)[0]) for name, days in LIVES.items())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = []
    for name in sorted(_pages(get_resolver())):
        url = reverse(name)
        if busy.get(url).status_code == new.get(url).status_code == 200:
            asked = (lambda who=who, url=url: who.get(url) for who in (busy, new))
            middle, low, high = pairs(*asked, rounds=ROUNDS)
            rows.append(Row(f"busy_year {name}", middle, low, high, TARGET))
    return rows


LIVES = {"new": MONTH, "busy": YEAR}


def _browser(partner: Partner) -> Client:
    client = Client()
    client.force_login(partner.person)
    return client


def _pages(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern)
        elif _opens(pattern):
            yield str(pattern.name)


def _opens(pattern: URLPattern) -> bool:
    gate = getattr(pattern.callback, "gate", None)
    return gate in {access.partner, partner_or_welcome} and not pattern.pattern.converters
