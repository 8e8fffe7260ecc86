"""A repair as one of the two sees it: nothing in here is hidden from that person.

Pages and partials are drawn from a `Room` alone; its words are in `repairs/told.py`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from couples.models import ManualEntry, Partner, Question, shared_with
from repairs import flow
from repairs.forms import SHORT_BREAK
from repairs.hints import Hint, hints
from repairs.models import Repair, RepairAct
from repairs.terms import DAYS_UNTIL_HOLDS, Kind, Stage
from repairs.told import Told

STEPS = {
    Stage.INVITED: 0,
    Stage.SETTLING: 1,
    Stage.HURT: 2,
    Stage.ECHO: 3,
    Stage.PART: 4,
    Stage.RECEIVE: 5,
    Stage.US: 6,
    Stage.SAFE: 7,
    Stage.NOT_YET: 7,
    Stage.ON_THE_WAY: 7,
    Stage.MENDED: 8,
    Stage.HELD: 8,
}
SMALL_STEPS = {
    Stage.PART: 0,
    Stage.US: 1,
    Stage.SAFE: 2,
    Stage.NOT_YET: 2,
    Stage.ON_THE_WAY: 2,
    Stage.MENDED: 3,
}
NAMES = {
    Stage.SETTLING: gettext_lazy("settling"),
    Stage.HURT: gettext_lazy("what hurt"),
    Stage.ECHO: gettext_lazy("saying back"),
    Stage.PART: gettext_lazy("my part"),
    Stage.RECEIVE: gettext_lazy("taking it in"),
    Stage.US: gettext_lazy("us"),
}
WHEN_UPSET = (Question.UPSET, Question.HELPS, Question.WORSE, Question.CLOSENESS)
MANUAL = {
    Stage.INVITED: WHEN_UPSET,
    Stage.SETTLING: WHEN_UPSET,
    Stage.RECEIVE: (Question.SORRY,),
}
"""What of the other's manual helps where."""


class Room(Told):
    """What one partner sees of a shared repair."""

    @classmethod
    def enter(cls, repair: Repair, me: Partner, *, now: datetime) -> Self:
        """Return the room as `me` sees it now, in one query beside the repair itself."""
        state = repair.state(me.couple.today(now))
        visible = [act for act in repair.story if state.reads(me.seat, act.as_act())]
        other = next(each for each in me.couple.together if each.pk != me.pk)
        return cls(repair, me, other, state, visible, now)

    # --- Where the two stand ---------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """The stage by its name."""
        return self.state.stage.value

    @property
    def stage_name(self) -> str:
        """A word or two for where the two stand, or nothing at the ends of the way."""
        return str(NAMES.get(self.state.stage, ""))

    @property
    def template(self) -> str:
        """The piece of the page that belongs to where the two stand."""
        return f"repairs/stages/{self.stage}.html"

    @cached_property
    def may(self) -> set[str]:
        """What this partner can do now, by the names of the kinds."""
        return {kind.value for kind in flow.may(self.state, self.me.seat)}

    @property
    def waiting(self) -> bool:
        """True when nothing at this stage is for this partner any more."""
        return not flow.awaits(self.state, self.me.seat)

    @property
    def judges(self) -> bool:
        """True while the other has said back what hurt me, and I have not answered."""
        return Kind.THATS_IT.value in self.may

    @property
    def says_back_again(self) -> bool:
        """True when what I said back was not quite it yet."""
        words = self.state.listening.get(self.other.seat)
        return words is not None and words.rounds > 0

    @property
    def my_answer(self) -> str:
        """The kind of my answer at this stage, if I have given one."""
        act = self.state.answers.get(self.me.seat)
        return act.kind.value if act else ""

    @property
    def other_in_person(self) -> bool:
        """The other has said that this stage was done face to face."""
        return self.other.seat in self.state.in_person

    @property
    def i_in_person(self) -> bool:
        """True when I have said that this stage was done face to face."""
        return self.me.seat in self.state.in_person

    @property
    def i_bring(self) -> bool:
        """True when I would bring this to a session."""
        return self.me.seat in self.state.bringing

    @property
    def other_brings(self) -> bool:
        """True when the other would bring this to a session."""
        return self.other.seat in self.state.bringing

    @property
    def i_keep(self) -> bool:
        """True when I would keep the words; whether the other would is theirs to know."""
        return self.me.seat in self.state.keeping

    @property
    def asks_holds(self) -> bool:
        """True once it is time to ask whether it holds."""
        return not self.state.small and self.days_mended >= DAYS_UNTIL_HOLDS

    @property
    def days_mended(self) -> int:
        """The couple's days since it was mended."""
        return self.state.today - self.state.mended_on

    # --- Resting ---------------------------------------------------------------------------------

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
        rest = self._last(Kind.REST, by=self.other) if self.other_rests else None
        return self._clock_words(rest) if rest and rest.shows_time else ""

    @property
    def i_am_back_at(self) -> str:
        """When I said I would be back, if I did."""
        return self._clock_words(self._last(Kind.REST, by=self.me)) if self.i_rest else ""

    @property
    def rests_briefly(self) -> bool:
        """True while my break is shorter than a body needs."""
        rest = self._last(Kind.REST, by=self.me)
        return rest is not None and self.now - rest.done_at < SHORT_BREAK

    @property
    def begins_at(self) -> str:
        """When the invited one promised to begin, on my clock."""
        invitee = self.other if self.me.seat == self.state.inviter else self.me
        return self._clock_words(self._last(Kind.LATER, by=invitee))

    # --- How far each has come -------------------------------------------------------------------

    @property
    def mine_done(self) -> int:
        """How many steps I have done, 0 to `steps`."""
        return self._done(self.me)

    @property
    def theirs_done(self) -> int:
        """How many steps the other has done, 0 to `steps`."""
        return self._done(self.other)

    @property
    def steps(self) -> int:
        """How many steps lead to mended."""
        return max(self._steps.values())

    # --- What stands around the words ------------------------------------------------------------

    @property
    def opening(self) -> Repair | None:
        """What the inviter wrote about it, once both have settled; the inviter always sees it."""
        mine = self.repair.author_id == self.me.pk
        opened = 1 in self.state.revealed or not self.state.has_account
        return self.repair if mine or opened else None

    @property
    def can_unsay_opening(self) -> bool:
        """True when the opening is mine, has been read, and stands."""
        stands = self.state.has_account and bool(self.repair.happened)
        return stands and 1 in self.state.can_unsay(self.me.seat)

    @cached_property
    def manual(self) -> list[ManualEntry]:
        """What the other shares about what helps here; costs one query where there may be any."""
        at = Stage.SETTLING if self.i_rest else self.state.stage
        questions = MANUAL.get(at)
        return shared_with(self.me, *questions) if questions else []

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What the phone may say, and to nobody else, while a part is being written."""
        return hints()

    @property
    def client_key(self) -> uuid.UUID:
        """A new key for each form that is drawn."""
        return uuid.uuid4()

    @property
    def keep(self) -> str:
        """A name for what is being typed here and now.

        It changes with every answer of mine, and stays over a rest: the words wait for me.
        """
        answers = [act for act in self.acts if Kind(act.kind) not in flow.NOT_A_TURN]
        mine = max((act.number for act in answers if act.author_id == self.me.pk), default=0)
        return f"{self.repair.pk}-{self.stage}-{mine}"

    @property
    def _steps(self) -> dict[Stage, int]:
        return SMALL_STEPS if self.state.small else STEPS

    def _done(self, who: Partner) -> int:
        step = self._steps.get(self.state.stage, 0)
        waits = who.seat in self.state.answers or who.seat in self.state.in_person
        return min(step + (waits and self.state.is_open), self.steps)

    def _last(self, kind: Kind, *, by: Partner) -> RepairAct | None:
        """The last act of this kind by one of the two; for what is shared with it alone."""
        found = [act for act in self.repair.story if act.kind == kind and act.author_id == by.pk]
        return found[-1] if found else None

    def _clock_words(self, act: RepairAct | None) -> str:
        """The time promised with an act, on this partner's own clock; empty when there is none."""
        if act is None or act.promised_at is None:
            return ""
        clock = ZoneInfo(self.me.person.time_zone)
        return date_format(act.promised_at.astimezone(clock), "l H:i")
