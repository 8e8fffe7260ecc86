"""The starter shelf: principles to begin with, in our own words.

A tap takes one as a proposal that can be reworded before anybody sees it. Keys stand in addresses,
so a wording may be improved while its key stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from couples.principles.models.agreement import Area


@dataclass(frozen=True)
class Starter:
    """One principle on the shelf."""

    key: str
    area: Area
    wording: Promise


SHELF = (
    Starter("come-back", Area.PURPOSE, _("We come first, and we come back.")),
    Starter("safe-place", Area.PURPOSE, _("We are each other's safe place to land.")),
    Starter("same-side", Area.PURPOSE, _("We are on the same side, above all when it is hard.")),
    Starter("ask-first", Area.FIRST, _("We ask each other before we promise our shared time.")),
    Starter("good-news", Area.FIRST, _("We tell each other big news before anybody else.")),
    Starter("in-public", Area.FIRST, _("We never make the other small in front of people.")),
    Starter("interrupt", Area.FIRST, _("We may interrupt each other for something that matters.")),
    Starter("hello", Area.RITUALS, _("We say hi before we say anything else.")),
    Starter("goodbye", Area.RITUALS, _("We part with a goodbye that the other can feel.")),
    Starter("bedtime", Area.RITUALS, _("We end the day with a kind word, also after a hard one.")),
    Starter("weekly", Area.RITUALS, _("We keep one evening a week for the two of us.")),
    Starter("same-day", Area.REPAIR, _("We come back to each other the same day.")),
    Starter("own-part", Area.REPAIR, _("We each look for our own part before we look for blame.")),
    Starter("no-leaving", Area.REPAIR, _("We do not threaten to leave in the heat of a quarrel.")),
    Starter("pause", Area.REPAIR, _("We may ask for a pause, and we say when we will be back.")),
    Starter("table", Area.THIRDS, _("We put our screens away while we eat together.")),
    Starter("work-ends", Area.THIRDS, _("We let work end when we walk through the door.")),
    Starter("visits", Area.THIRDS, _("We plan visits together before we say yes to them.")),
    Starter("us-first", Area.PRIVACY, _("We bring what is between us to each other first.")),
    Starter(
        "own-room", Area.PRIVACY, _("We each keep something of our own, and need not explain.")
    ),
    Starter("told-once", Area.PRIVACY, _("We do not use what was told in trust as a weapon.")),
)


def starter(key: str) -> Starter | None:
    """Return the principle with this key, or None."""
    return next((each for each in SHELF if each.key == key), None)
