"""How often words of one partner, or a call, may come before the other: the one place that knows.

Some people insist: nine questions as nine rituals, an invitation again after each that was set
down. Every verb that puts something before the other asks `hold` first, with the couple locked.
docs/brakes.md has each verb with its brake, and says why some have none.

A brake looks at what one partner has sent, and at nothing that the other did with it, so that
nobody can find out by trying. It is the same for both, and lives as rows without words
(`BrakeUse`) that are deleted once they hold nothing back. Days are the couple's.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.days import DAY
from couples.models.brake_use import BrakeUse
from couples.models.couple import Partner

UNANSWERED = 5
"""Asks and topics of one partner that may lie unanswered with the other at a time."""

HALF_AN_HOUR = timedelta(minutes=30)

RESTS = 14
"""Days for which a name that was let go rests before it can come again."""


@dataclass(frozen=True)
class Brake:
    """At most so many within so many days, today among them; all of `limits` hold.

    `apart` is for what has no words and is over within hours. `both` counts for the couple and
    not for one of the two.
    """

    limits: tuple[tuple[int, int], ...] = ()
    apart: timedelta | None = None
    both: bool = False

    @property
    def days(self) -> int:
        """For how many days a place stays taken at the most."""
        return max((days for _most, days in self.limits), default=1)


BRAKES: Mapping[str, Brake] = {
    # --- Every day ---------------------------------------------------------------------------
    "on_my_way": Brake(apart=HALF_AN_HOUR),
    "meeting_word": Brake(limits=((3, 1),)),
    "mark_line": Brake(limits=((3, 1),)),  # of one mark
    "ritual": Brake(limits=((3, 7),)),
    "ritual_name": Brake(limits=((1, RESTS),)),
    "ritual_days": Brake(limits=((6, 1),)),
    # --- Talking -----------------------------------------------------------------------------
    "appreciation": Brake(limits=((5, 1),)),
    "question": Brake(limits=((10, 1),)),  # asks and topics together
    "ask_again": Brake(limits=((1, 7),)),  # one that was answered "I would rather not"
    "ask_words": Brake(limits=((3, 1),)),  # in one ask
    "matter": Brake(limits=((6, 1),)),
    "meeting": Brake(limits=((3, 1),)),
    "decision": Brake(limits=((20, 1),)),
    # --- Who we are --------------------------------------------------------------------------
    "principle": Brake(limits=((3, 1), (8, 7))),
    "principle_again": Brake(limits=((1, 7),)),  # one wording
    "principle_wording": Brake(limits=((1, RESTS),), both=True),
    "third": Brake(limits=((3, 7),)),
    "third_person": Brake(limits=((2, 30),)),
    "third_name": Brake(limits=((1, RESTS),), both=True),
    "third_principle": Brake(limits=((6, 1),)),
    "manual": Brake(limits=((12, 1),)),
    "manual_entry": Brake(limits=((3, 1),)),
    "name": Brake(limits=((3, 30),)),
    # --- Coming back -------------------------------------------------------------------------
    "repair": Brake(limits=((2, 1), (5, 7))),
    "repair_again": Brake(limits=((2, 1),)),  # beside once a day for each hurt
    "repair_part": Brake(limits=((3, 1),)),
    "repair_time": Brake(limits=((3, 1),)),  # promised in one repair
    "repair_return": Brake(limits=((8, 1),)),  # in one repair
    "repair_step": Brake(limits=((40, 1),)),  # in one repair
}


def hold(
    channel: str,
    *,
    by: Partner,
    refused: type[Exception],
    about: object = "",
    day: date | None = None,
    now: datetime | None = None,
) -> None:
    """Take a place on `channel` for something of `by`, with the couple locked.

    `about` is what alone is counted, if not all. `day` is the couple's day for which a tap was
    made, today unless said: what was made offline within the brake stays within it. Raises
    `refused`, with words for whoever tried, while there is no place.
    """
    guard(channel, by=by, refused=refused, about=about, day=day, now=now)
    note(channel, by=by, about=about, day=day, now=now)


def guard(
    channel: str,
    *,
    by: Partner,
    refused: type[Exception],
    about: object = "",
    day: date | None = None,
    now: datetime | None = None,
) -> None:
    """Raise `refused` while there is no place on `channel`, and take none."""
    now = now or database_now()
    today = day or by.couple.today(now)
    free_on = _free_from(channel, by=by, about=about, day=day, now=now)
    if free_on and BRAKES[channel].apart:
        raise refused(_("What you said a moment ago is still there."))
    if free_on:
        raise refused(_words(free_on, today))


def has_place(
    channel: str,
    *,
    by: Partner,
    about: object = "",
    day: date | None = None,
    now: datetime | None = None,
) -> bool:
    """True while there is a place on `channel`."""
    now = now or database_now()
    return _free_from(channel, by=by, about=about, day=day, now=now) is None


def guard_rest(
    channel: str,
    *,
    by: Partner,
    refused: type[Exception],
    about: object,
    now: datetime | None = None,
) -> None:
    """Raise `refused` while what was let go lately rests."""
    if not has_place(channel, by=by, about=about, now=now):
        # No day: it would tell on which one the other let it go.
        raise refused(_("This one rests for a while. Your words are kept here."))


def note(
    channel: str,
    *,
    by: Partner,
    about: object = "",
    day: date | None = None,
    now: datetime | None = None,
) -> None:
    """Take a place on `channel` without asking whether there is one; the couple is locked."""
    now = now or database_now()
    brake = BRAKES[channel]
    day = day or by.couple.today(now)
    until = now + brake.apart if brake.apart else by.couple.begins(day + brake.days * DAY)
    BrakeUse.objects.create(
        couple=by.couple,
        partner=None if brake.both else by,
        channel=channel,
        about=str(about),
        day=day,
        until=until,
    )


def fingerprint(words: str, *, of: Partner) -> str:
    """Return what tells these words from others, case and blanks aside, and nothing about them.

    It hangs on the couple's key: without it nobody can try words until one fits.
    """
    said = " ".join(words.casefold().split()).encode()
    return hmac.new(of.couple.vault_key().data_key, said, hashlib.sha256).hexdigest()


def sweep(*, now: datetime | None = None) -> None:
    """Delete the places that are free again."""
    BrakeUse.objects.filter(until__lte=now or database_now()).delete()


def _taken(channel: str, by: Partner, about: object) -> QuerySet[BrakeUse]:
    whose = Q(partner=None) if BRAKES[channel].both else Q(partner=by)
    return BrakeUse.objects.filter(whose, couple=by.couple, channel=channel, about=str(about))


def _free_from(
    channel: str, *, by: Partner, about: object, day: date | None, now: datetime
) -> date | None:
    """Return the day from which on there is a place, or None while there is one."""
    brake, taken = BRAKES[channel], _taken(channel, by, about)
    today = day or by.couple.today(now)
    if brake.apart:
        return today if taken.filter(until__gt=now).exists() else None
    if day:
        taken = taken.filter(day__lte=day)
    # Else days ahead count too: a clock that was set back brings no place back.
    taken = taken.filter(day__gt=today - brake.days * DAY)
    days = list(taken.values_list("day", flat=True))
    free_on = max(_free_on(days, most, span, today) for most, span in brake.limits)
    return free_on if free_on > today else None


def _free_on(days: list[date], most: int, span: int, today: date) -> date:
    """Return the first day from `today` on with a place left, when `days` are taken."""
    counted = sorted(day for day in days if day > today - span * DAY)
    return counted[-most] + span * DAY if len(counted) >= most else today


def _words(free_on: date, today: date) -> str:
    """Say when it can go: that follows from one's own days alone."""
    if free_on == today + DAY:
        return _("Your words are kept here. This one can go tomorrow.")
    day = formats.date_format(free_on, "l j F")
    return _("Your words are kept here. This one can go on %(day)s.") % {"day": day}
