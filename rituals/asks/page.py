"""An ask as one of the two sees it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.isolation import isolated
from couples.models import Couple, Partner
from rituals.asks.flow import OFFERS, Kind, Stage, State
from rituals.models import Ask, Mute

SAYS = {
    Kind.FINE: gettext_lazy("Fine with me."),
    Kind.FINE_IF: gettext_lazy("Fine, if …"),
    Kind.RATHER_NOT: gettext_lazy("I would rather not."),
    Kind.TALK_FIRST: gettext_lazy("Let's talk first."),
    Kind.COUNTER: gettext_lazy("How about …"),
    Kind.AGREE: gettext_lazy("Agreed."),
    Kind.LET_GO: gettext_lazy("I let it go."),
    Kind.WENT_AHEAD: gettext_lazy("I went ahead."),
}


@dataclass(frozen=True)
class Line:
    """What one of the two said, and in which words of their own, if any."""

    name: str
    says: str
    words: str | None
    has_words: bool


@dataclass(frozen=True)
class Conversation:
    """What one partner sees of an ask."""

    ask: Ask
    me: Partner
    other: Partner
    state: State
    muted: bool

    @classmethod
    def enter(cls, ask: Ask, me: Partner) -> Conversation:
        """Return the ask as `me` sees it now, in two queries beside the ask itself."""
        seat([ask], me)
        state = ask.state()
        other = me.other
        assert state is not None and other is not None  # noqa: S101, PT018 - nobody asks alone
        muted = Mute.objects.filter(partner=me, subject=ask.pk).exists()
        return cls(ask, me, other, state, muted)

    @property
    def mine(self) -> bool:
        """True when I am the one who asked."""
        return self.ask.author_id == self.me.pk

    @property
    def may(self) -> set[str]:
        """What I can do now, by the names of the kinds."""
        return {kind.value for kind in self.state.may(self.me.seat)}

    @property
    def offer(self) -> str:
        """The kind of act by which I can offer something in my own words now, if any."""
        return next(iter(sorted(self.may & OFFERS)), "")

    @property
    def awaits_me(self) -> bool:
        """True when the next word is mine."""
        return self.state.awaits(self.me.seat)

    @property
    def answers(self) -> int:
        """The number of the latest act, which anything I say now answers."""
        return self.state.count

    @property
    def head(self) -> str:
        """Where the two stand, in a few words for me."""
        names = {"name": isolated(self.other.name)}
        mine, theirs = HEADS[self.state.stage]
        return str(mine if self.mine else theirs) % names

    @property
    def lines(self) -> list[Line]:
        """What was said since it was asked, in order."""
        return [
            Line(
                _("You") if act.author_id == self.me.pk else act.author.name,
                str(SAYS[Kind(act.kind)]),
                act.words,
                act.kind in OFFERS,
            )
            for act in self.ask.story[1:]
        ]

    @property
    def client_key(self) -> uuid.UUID:
        """A new key for each form that is drawn."""
        return uuid.uuid4()

    @property
    def keep(self) -> str:
        """A name for what is being typed here and now; it changes with every step of mine."""
        mine = max((a.number for a in self.ask.story if a.author_id == self.me.pk), default=0)
        return f"ask-{self.ask.pk}-{mine}"


HEADS = {
    Stage.ASKED: (gettext_lazy("%(name)s has it now"), gettext_lazy("%(name)s asks you first")),
    Stage.OFFERED: (
        gettext_lazy("Fine with %(name)s, if …"),
        gettext_lazy("Your “fine, if …” is with %(name)s"),
    ),
    Stage.RATHER_NOT: (
        gettext_lazy("%(name)s would rather not"),
        gettext_lazy("You would rather not"),
    ),
    Stage.TALK: (
        gettext_lazy("%(name)s would like to talk first"),
        gettext_lazy("First, you talk"),
    ),
    Stage.AGREED: (gettext_lazy("Agreed"), gettext_lazy("Agreed")),
    Stage.LET_GO: (gettext_lazy("You let it go"), gettext_lazy("%(name)s let it go")),
    Stage.WENT_AHEAD: (
        gettext_lazy("You went ahead, and said so"),
        gettext_lazy("%(name)s went ahead, and said so"),
    ),
}
"""For the asker, and for the one who was asked."""


class Authored(Protocol):
    """A row of the couple's, written by one of the two."""

    couple: Couple
    author: Partner
    author_id: uuid.UUID


def seat(rows: Iterable[Authored], me: Partner) -> None:
    """Give each row its couple and author as they are loaded already, with their keys."""
    for row in rows:
        row.couple = me.couple
        row.author = next(each for each in me.couple.together if each.pk == row.author_id)
