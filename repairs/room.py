"""A repair as one of the two sees it: nothing in here is hidden from that person.

Pages and partials are drawn from a `Room` alone. Acts that have not been revealed to the viewer
never enter it, so that no template can show them by mistake.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.models import ManualEntry, Partner, Question, shared_with
from repairs.flow import Kind, Stage, State
from repairs.hints import Hint, hints
from repairs.models import Repair, RepairAct

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
}
NAMES = {
    Stage.SETTLING: gettext_lazy("settling"),
    Stage.HURT: gettext_lazy("what hurt"),
    Stage.ECHO: gettext_lazy("saying back"),
    Stage.PART: gettext_lazy("my part"),
    Stage.RECEIVE: gettext_lazy("taking it in"),
    Stage.US: gettext_lazy("us"),
}
LAST_STEP = max(STEPS.values())
AFTER_SETTLING = frozenset(Stage) - {Stage.INVITED, Stage.SETTLING}


@dataclass(frozen=True)
class Said:
    """One revealed text, for the component that shows two of them side by side."""

    name: str
    text: str | None
    mine: bool


@dataclass(frozen=True)
class Room:
    """What one partner sees of a shared repair."""

    repair: Repair
    me: Partner
    other: Partner
    state: State
    acts: list[RepairAct]  # only those this partner may read

    @classmethod
    def enter(cls, repair: Repair, me: Partner) -> Room:
        """Return the room as `me` sees it now, in one query beside the repair itself."""
        state = repair.state()
        visible = [act for act in repair.story if state.reads(me.seat, act.as_act())]
        other = next(each for each in me.couple.together if each.pk != me.pk)
        return cls(repair, me, other, state, visible)

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

    @property
    def may(self) -> set[str]:
        """What this partner can do now, by the names of the kinds."""
        return {kind.value for kind in self.state.may(self.me.seat)}

    @property
    def waiting(self) -> bool:
        """True when nothing at this stage is for this partner any more."""
        return not self.state.awaits(self.me.seat)

    @property
    def i_rest(self) -> bool:
        """True while I rest."""
        return self.me.seat in self.state.resting

    @property
    def other_rests(self) -> bool:
        """True while the other rests."""
        return self.other.seat in self.state.resting

    @property
    def back_at(self) -> str:
        """When the other will be back, on my clock, if they chose to say so."""
        return self._promised(Kind.REST, by=self.other) if self.other_rests else ""

    @property
    def begins_at(self) -> str:
        """When the invited one promised to begin, on my clock."""
        inviter = self.me if self.me.seat == self.state.inviter else self.other
        invitee = self.other if inviter is self.me else self.me
        return self._promised(Kind.LATER, by=invitee)

    @property
    def other_in_person(self) -> bool:
        """The other has said that this stage was done face to face."""
        return self.other.seat in self.state.in_person

    @property
    def i_in_person(self) -> bool:
        """True when I have said that this stage was done face to face."""
        return self.me.seat in self.state.in_person

    @property
    def opening(self) -> Repair | None:
        """What the inviter wrote about it, once both have settled; the inviter always sees it."""
        mine = self.repair.author_id == self.me.pk
        return self.repair if mine or self.state.stage in AFTER_SETTLING else None

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
        return LAST_STEP

    @property
    def hurts(self) -> list[Said]:
        """What hurt each, once revealed."""
        return self._latest(Kind.HURT)

    @property
    def echoes(self) -> list[Said]:
        """What each heard."""
        return self._latest(Kind.ECHO)

    @property
    def parts(self) -> list[Said]:
        """The part of each, once revealed."""
        return self._latest(Kind.PART)

    @property
    def us(self) -> list[Said]:
        """What the two are to each other, once revealed."""
        return self._latest(Kind.US)

    @property
    def to_hear(self) -> Said | None:
        """What the other has said and this partner now answers."""
        kind = Kind.HURT if self.state.stage is Stage.ECHO else Kind.PART
        return next((said for said in self._latest(kind) if not said.mine), None)

    @property
    def heard(self) -> Said | None:
        """What the other has said back to this partner."""
        return next((said for said in self._latest(Kind.ECHO) if not said.mine), None)

    @property
    def my_answer(self) -> str:
        """The kind of my answer at this stage, if I have given one."""
        act = self.state.answers.get(self.me.seat)
        return act.kind.value if act else ""

    @property
    def safe_answers(self) -> list[Said]:
        """How each answered "safe again?" the last time both did."""
        words = {
            Kind.SAFE_YES: _("Yes"),
            Kind.SAFE_GETTING: _("Getting there"),
            Kind.SAFE_NOT_YET: _("Not yet"),
        }
        return [
            Said(self._name(each), words[kind], each is self.me)
            for each in (self.me, self.other)
            if (kind := self.state.last_answers.get(each.seat)) in words
        ]

    @property
    def manual(self) -> list[ManualEntry]:
        """What the other shares about what helps; costs one query where it is shown."""
        return shared_with(self.me, Question.UPSET, Question.HELPS, Question.WORSE)

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
        """A name for what is being typed here and now; it changes with every step of mine."""
        mine = max((act.number for act in self.acts if act.author_id == self.me.pk), default=0)
        return f"{self.repair.pk}-{self.stage}-{mine}"

    def _done(self, who: Partner) -> int:
        step = STEPS[self.state.stage]
        return step + (who.seat in self.state.answers or who.seat in self.state.in_person)

    def _latest(self, kind: Kind) -> list[Said]:
        """The last revealed text of this kind by each, mine first."""
        latest: dict[uuid.UUID, RepairAct] = {}
        for act in self.acts:
            if act.kind == kind and act.number in self.state.revealed:
                latest[act.author_id] = act
        return [
            Said(self._name(each), latest[each.pk].words, each is self.me)
            for each in (self.me, self.other)
            if each.pk in latest
        ]

    def _promised(self, kind: Kind, *, by: Partner) -> str:
        """The time promised with the last act of this kind, in words; promised times are shared."""
        told = [act for act in self.repair.story if act.kind == kind and act.author_id == by.pk]
        if not told or told[-1].promised_at is None:
            return ""
        return date_format(told[-1].promised_at.astimezone(self.clock), "l H:i")

    @property
    def clock(self) -> ZoneInfo:
        """The time zone of this partner's own clock."""
        return ZoneInfo(self.me.person.time_zone)

    def _name(self, who: Partner) -> str:
        return _("You") if who is self.me else who.name
