"""A repair at rest as one of the two sees it, and the times that were promised in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from couples.clock_time import clock_time
from couples.models import Partner
from couples.zones import clock_of
from repairs.forms import SHORT_BREAK
from repairs.models import RepairAct
from repairs.models.act import break_of
from repairs.terms import Kind
from repairs.told import Told


class Resting(Told):
    """Who rests, until when where that was said, and the time promised to begin."""

    @property
    def i_rest(self) -> bool:
        """True while I rest."""
        return self.me.seat in self.state.resting

    @property
    def other_rests(self) -> bool:
        """True while the other rests."""
        return self.other.seat in self.state.resting

    @property
    def untouched(self) -> bool:
        """True while it rests by itself, because nobody has come to it for thirty days."""
        return self.repair.resting and not self.state.resting

    @property
    def back_at(self) -> str:
        """When the other will be back, on my clock, if they chose to show it."""
        rest = self._break_of(self.other)
        return self._clock_words(rest) if rest and rest.shows_time else ""

    @property
    def i_am_back_at(self) -> str:
        """When I said I would be back, if I did."""
        return self._clock_words(self._break_of(self.me))

    @property
    def i_show_when(self) -> bool:
        """True when the other sees the time at which I will be back."""
        rest = self._break_of(self.me)
        return rest is not None and rest.shows_time

    @property
    def rests_briefly(self) -> bool:
        """True while my break is shorter than a body needs; what I set down is no break."""
        rest = self._break_of(self.me)
        return rest is not None and not rest.aside and self.now - rest.done_at < SHORT_BREAK

    @property
    def promised(self) -> RepairAct | None:
        """The last promise of a time to begin, which only the invited one can make."""
        later = [act for act in self.repair.story if act.kind == Kind.LATER]
        return later[-1] if later else None

    @property
    def begins_at(self) -> str:
        """When the invited one promised to begin, on my clock."""
        return self._clock_words(self.promised)

    def _break_of(self, who: Partner) -> RepairAct | None:
        """The break one of the two is in by themselves; none while both rest until a session."""
        return break_of(self.repair.story, who) if who.seat in self.state.resting else None

    def _clock_words(self, act: RepairAct | None) -> str:
        """The time promised with an act, on my own clock; empty without one still to come."""
        at = act.promised_at if act else None
        return clock_words(at, me=self.me, now=self.now) if at else ""


def clock_words(at: datetime, *, me: Partner, now: datetime) -> str:
    """Say a promised time by the clock of `me`: today, tomorrow, or with its day.

    Empty once it has gone by: what was promised then is no news, and no reproach.
    """
    if at <= now:
        return ""
    zone = clock_of(me.person.time_zone)
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = clock_time(local, of=me.person)
    if local.date() == today:
        return _("today at %(clock)s") % {"clock": clock}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow at %(clock)s") % {"clock": clock}
    return _("%(day)s at %(clock)s") % {"day": date_format(local, "l j F"), "clock": clock}
