"""A repair as one of the two sees it: nothing in here is hidden from that person.

Pages and partials are drawn from a `Room` alone; its words are in `repairs/told.py`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cached_property
from typing import Self

from django.utils.translation import gettext_lazy

from couples.models import ManualEntry, Partner, Question, shared_with
from repairs import conditions, flow
from repairs.hints import Hint, hints
from repairs.models import Repair
from repairs.resting import Resting
from repairs.terms import DAYS_UNTIL_HOLDS, FOR_ONESELF, Kind, Stage

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


class Room(Resting):
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
    def nothing_to_say_back(self) -> bool:
        """True at saying back when the other has nothing of their own this time."""
        return self.other.seat not in self.state.listening

    @property
    def took_in(self) -> bool:
        """True once I have taken in what the other said here."""
        words = self.state.listening.get(self.other.seat)
        return words is not None and words.received

    @property
    def other_is_not_there(self) -> bool:
        """True while the other cannot take my part in yet, and has said so."""
        words = self.state.listening.get(self.me.seat)
        return words is not None and words.not_there

    @property
    def my_answer(self) -> str:
        """The kind of my answer at this stage, if I have given one."""
        act = self.state.answers.get(self.me.seat)
        return act.kind.value if act else ""

    @property
    def asked_small(self) -> bool:
        """True while the part with which the other began a small repair waits for mine."""
        act = self.state.answers.get(self.other.seat)
        return act is not None and act.kind is Kind.SMALL

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
    def asks_again_today(self) -> bool:
        """True once a new day asks anew whether the two are safe with each other."""
        return self.state.today >= (flow.asks_on(self.state) or 0)

    @property
    def words_stay(self) -> bool:
        """True once the day on which they would have faded has gone by, and both keep them.

        Until then nobody is told whether the other would: to ask for it is not a way to find out.
        """
        fades_on = self.repair.fades_on
        return bool(self.repair.kept and fades_on and self.state.today >= fades_on.toordinal())

    @property
    def days_mended(self) -> int:
        """The couple's days since it was mended."""
        return self.state.today - self.state.mended_on

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
        stands = bool(self.repair.happened)
        return stands and self.state.opening in self.state.can_unsay(self.me.seat)

    @property
    def can_change_opening(self) -> bool:
        """True while what happened is mine, and the other cannot read it yet."""
        mine = self.repair.author_id == self.me.pk
        return mine and self.state.has_account and self.state.opening not in self.state.revealed

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
        mine = (Kind(act.kind) for act in self.acts if act.author_id == self.me.pk)
        answers = sum(kind not in flow.NOT_A_TURN | FOR_ONESELF for kind in mine)
        return f"{self.repair.pk}-{self.stage}-{answers}"

    @property
    def _steps(self) -> dict[Stage, int]:
        return SMALL_STEPS if self.state.small else STEPS

    def _done(self, who: Partner) -> int:
        step = self._steps.get(self.state.stage, 0)
        waits = who.seat in self.state.answers or who.seat in self.state.in_person
        if self.state.stage in {Stage.ECHO, Stage.RECEIVE}:  # not by whose turn it is: some rest
            listens = conditions.hears(self.state, who.seat)
            waits |= not (listens or conditions.judges(self.state, who.seat))
        return min(step + (waits and self.state.is_open), self.steps)
