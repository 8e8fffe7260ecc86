"""How soon two people came back to each other over the months: of both, never of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from couples.days import months_later
from couples.models import Couple

SPAN = 12
"""Months that are shown, this one included."""


@dataclass(frozen=True)
class Back:
    """One repair: days from the invitation until it was mended, and whether it held."""

    days: int
    held: bool

    @property
    def words(self) -> str:
        """What is said of it."""
        soon = _days(self.days)
        return _("%(soon)s, held") % {"soon": soon} if self.held else soon


@dataclass(frozen=True)
class Month:
    """The repairs that were mended in one month, in their order."""

    first: date
    repairs: list[Back]

    @property
    def soon(self) -> str:
        """How long it took as a rule: the median, which one long repair does not move."""
        return _days(round(median(each.days for each in self.repairs)))

    @property
    def held(self) -> int:
        """How many of them held."""
        return sum(each.held for each in self.repairs)


def months(couple: Couple, *, today: date) -> list[Month]:
    """Return the months in which something was mended, newest first, in one query."""
    since = months_later(today.replace(day=1), 1 - SPAN)
    found = couple.repairs.mended().filter(mended_on__gte=since).order_by("-mended_on")
    rows = [
        (mended.replace(day=1), Back(max((mended - shared).days, 0), bool(held)))
        for mended, shared, held in found.values_list("mended_on", "shared_on", "held_on")
        if mended and shared  # as all of these are; a new day zone can put one before the other
    ]
    return [
        Month(first, [back for _first, back in these])
        for first, these in groupby(rows, key=itemgetter(0))
    ]


def _days(days: int) -> str:
    if days == 0:
        return _("the same day")
    return ngettext("after %(days)d day", "after %(days)d days", days) % {"days": days}
