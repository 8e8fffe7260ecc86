"""The words of a repair as one of the two reads them.

Acts that have not been revealed to the viewer never come in here, so that no template can show
them by mistake.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from couples.models import Partner
from repairs.models import Repair, RepairAct
from repairs.terms import PARTS, SAFE_ANSWERS, WORDED, Kind, Stage, State


@dataclass(frozen=True)
class Said:
    """One text, for the component that shows two of them side by side."""

    name: str
    text: str | None
    mine: bool
    next_time: str | None = None
    act: uuid.UUID | None = None
    can_unsay: bool = False
    gone: str = ""
    """What stands where the words were."""


@dataclass(frozen=True)
class Told:
    """What has been said, by kind. Of each kind the last one of each, mine first."""

    repair: Repair
    me: Partner
    other: Partner
    state: State
    acts: list[RepairAct]  # only those that `me` may read
    now: datetime

    @property
    def hurts(self) -> list[Said]:
        """What hurt each, once revealed."""
        return self._latest({Kind.HURT}, since=Stage.HURT)

    @property
    def accounts(self) -> list[Said]:
        """How each saw it who did not begin with what happened, once revealed."""
        return self._latest({Kind.ACCOUNT})

    @property
    def echoes(self) -> list[Said]:
        """What each heard."""
        return self._latest({Kind.ECHO}, since=Stage.HURT)

    @property
    def parts(self) -> list[Said]:
        """The part of each, once revealed."""
        return self._latest({*PARTS, Kind.SEND, Kind.NO_PART}, since=Stage.PART)

    @property
    def us(self) -> list[Said]:
        """What the two are to each other, once revealed."""
        return self._latest({Kind.US}, since=Stage.PART)

    @property
    def earlier(self) -> list[Said]:
        """What both have read and something later has taken the place of, in its order."""
        now = [*self.accounts, *self.hurts, *self.echoes, *self.parts, *self.us]
        shown = {said.act for said in now}
        read = (act for act in self.acts if act.number in self.state.revealed)
        return [self._said(act) for act in read if act.kind in WORDED and act.pk not in shown]

    @property
    def to_hear(self) -> Said | None:
        """What the other has said and this partner now answers."""
        return next((said for said in self.hurts if not said.mine), None)

    @property
    def heard(self) -> Said | None:
        """What the other has said back to this partner."""
        return next((said for said in self.echoes if not said.mine), None)

    @property
    def said_back(self) -> Said | None:
        """What I have said back to the other."""
        return next((said for said in self.echoes if said.mine), None)

    @property
    def my_account(self) -> Said | None:
        """How I saw it, once I have written it; the other reads it when both hurts are there."""
        number = self.state.accounts.get(self.me.seat)
        return next((self._said(act) for act in self.acts if act.number == number), None)

    @property
    def account_kept(self) -> Said | None:
        """How I saw it, while nobody has read it and the stage at which I wrote it is over."""
        unread = self.state.accounts.get(self.me.seat) not in self.state.revealed
        return self.my_account if unread and self.state.stage is not Stage.HURT else None

    @property
    def unread(self) -> RepairAct | None:
        """What I wrote here and nobody has read, to go on from."""
        kinds = ANSWERED_AT.get(self.state.stage, ())
        mine = [act for act in self.acts if act.author_id == self.me.pk and act.kind in kinds]
        waits = self.me.seat in self.state.answers
        return None if waits or not mine or mine[-1].number in self.state.revealed else mine[-1]

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
            if (kind := self.state.last_answers.get(each.seat)) in SAFE_ANSWERS
        ]

    @property
    def gone(self) -> str:
        """What stands where words were: taken back by whoever wrote them, or faded."""
        return _("faded") if self.repair.faded_on else _("unsaid")

    def _latest(self, kinds: Collection[Kind], *, since: Stage | None = None) -> list[Said]:
        """The last of these kinds by each, of those after the present round of a stage began."""
        rounds = self.state.anew
        begins = max(rounds.get(Stage.HURT, 0), rounds.get(since, 0)) if since else 0
        latest: dict[uuid.UUID, RepairAct] = {}
        for act in self.acts:
            if act.kind in kinds and act.number in self.state.revealed and act.number > begins:
                latest[act.author_id] = act
        return [self._said(latest[who.pk]) for who in (self.me, self.other) if who.pk in latest]

    def _said(self, act: RepairAct) -> Said:
        who = self.me if act.author_id == self.me.pk else self.other
        none = act.kind == Kind.NO_PART
        unsaid = none and act.number not in self.state.worded  # its next time was taken back
        return Said(
            name=self._name(who),
            text=_("No part in this one.") if none else act.words,
            mine=who is self.me,
            next_time=self.gone if unsaid else act.next_time,
            act=act.pk,
            can_unsay=bool(act.words or act.next_time)
            and act.number in self.state.can_unsay(self.me.seat),
            gone=self.gone,
        )

    def _name(self, who: Partner) -> str:
        return _("You") if who is self.me else who.name


ANSWERED_AT = {
    Stage.HURT: {Kind.HURT},
    Stage.PART: PARTS | {Kind.NO_PART},
    Stage.US: {Kind.US},
}
"""What is written at a stage as its answer."""
