"""A raised topic as one of the two sees it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from couples.isolation import isolated
from couples.models import Partner
from rituals.asks.page import seat
from rituals.models import Mute, Topic
from rituals.topics.flow import CLOSED, Kind, Stage, State


@dataclass(frozen=True)
class Talk:
    """What one partner sees of a topic between the two."""

    topic: Topic
    me: Partner
    other: Partner
    state: State
    promised: bool
    muted: bool

    @classmethod
    def enter(cls, topic: Topic, me: Partner, *, today: date) -> Talk:
        """Return the topic as `me` sees it now, in two queries beside the topic itself."""
        seat([topic], me)
        state, other = topic.state(), me.other
        assert state is not None and other is not None  # noqa: S101, PT018 - raised, so by one of two
        muted = Mute.objects.filter(partner=me, subject=topic.pk).exists()
        return cls(topic, me, other, state, topic.promised_on(today), muted)

    @property
    def mine(self) -> bool:
        """True when I raised it."""
        return self.topic.author_id == self.me.pk

    @property
    def is_open(self) -> bool:
        """True until both have dealt with it, or it was let go."""
        return self.state.stage not in CLOSED

    @property
    def may(self) -> set[str]:
        """What I can do now, by the names of the kinds."""
        leave = frozenset() if self.promised else frozenset({Kind.MAY_I, Kind.YES_DO})
        return {kind.value for kind in self.state.may(self.me.seat) - leave}

    @property
    def line(self) -> str:
        """Where the two stand: what there is, never what is missing."""
        names = {"name": isolated(self.other.name)}
        if self.state.stage is Stage.LET_GO:
            let_go = _("You let it go for now.") if self.mine else _("%(name)s let it go for now.")
            return let_go % names
        if not self.is_open:
            return _("You have both dealt with this.")
        if self.me.seat in self.state.dealt:
            return _("You have dealt with it. It closes when %(name)s says so too.") % names
        if self.state.dealt:
            return _("%(name)s has dealt with it. It closes when you say so too.") % names
        if self.state.stage is Stage.HEARD:
            heard = _("%(name)s has heard it.") if self.mine else _("You have heard it.")
            return heard % names
        return (
            _("It is with %(name)s.") % names if self.mine else _("%(name)s raised this.") % names
        )

    @property
    def with_whom(self) -> str | None:
        """With whom somebody would like to talk about it, or did ask to."""
        asked = [act for act in self.topic.story if act.kind == Kind.MAY_I]
        return asked[-1].words if asked else None

    @property
    def i_asked(self) -> bool:
        """True while my own "may I" waits for a yes."""
        return self.promised and self.state.leave_asked_by == self.me.seat

    @property
    def other_asked(self) -> bool:
        """True while the other's "may I" waits for mine."""
        return self.promised and self.state.leave_asked_by == self.other.seat

    @property
    def client_key(self) -> uuid.UUID:
        """A new key for each form that is drawn."""
        return uuid.uuid4()
