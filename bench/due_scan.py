"""Finding what is due takes no longer among a million couples than among a thousand.

Two databases with two partners a couple and a standing reminder for each of them, beside the one
of yesterday with its attempt. The same number is due in both. Each turn of a side is one `claim`,
as a worker's tick makes it: some promises found, locked, leased, and read with the people they
were made to. What was claimed stays claimed, as it does while other workers are at it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper

from bench import many
from bench.database import asking, copy
from bench.ratio import WARM, Row, pairs
from couples.clock import database_now
from couples.delivery.claim import claim

MANY, FEW = 1_000_000, 1_000
"""Couples."""

ROUNDS = 61
EACH = 20
"""Promises a claim."""

TARGET = 1.5


def measure(*, many_couples: int = MANY, few_couples: int = FEW, rounds: int = ROUNDS) -> list[Row]:
    """Return the time of a claim among very many couples to that among few."""
    due = (rounds + WARM) * EACH
    # The one is a copy of the other while both are empty.
    with copy("few") as few, copy("many") as large:
        for database, couples in ((large, many_couples), (few, few_couples)):
            with asking(database):
                _fill(couples, due=due)
        ratio = pairs(_claims(large), _claims(few), rounds=rounds)
    return [Row("due_scan", *ratio, TARGET)]


def _fill(couples: int, *, due: int) -> None:
    noon = many.Noon()
    many.couples(couples, noon)
    many.kept_reminders(couples)
    many.reminders(couples, noon, overdue=due)
    many.settle_down()


def _claims(database: BaseDatabaseWrapper) -> Callable[[], None]:
    """Return what claims the next promises of this database."""

    def claims() -> None:
        with asking(database):
            claimed = claim(now=database_now(), limit=EACH)
        assert len(claimed) == EACH  # noqa: S101 - a claim of nothing would be quick

    return claims
