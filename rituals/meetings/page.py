"""Our time as one of the two sees it, and what it puts on Us."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import groupby

from couples.access import PartnerRequest
from couples.agenda import agenda, source_of
from couples.cards import Card
from couples.models import Partner
from rituals.meetings.decided import Discussed, discussed, with_decisions
from rituals.meetings.flow import State
from rituals.models import Meeting


@dataclass(frozen=True)
class Typed:
    """What somebody wrote that could not be kept, and on which item."""

    item: uuid.UUID
    words: str


@dataclass(frozen=True)
class Room:
    """A meeting under way, or one that ended today, as one of the two sees it."""

    meeting: Meeting
    me: Partner
    state: State
    discussed: list[Discussed]
    card: Card | None
    thanks_key: str
    """A name for the appreciation being typed; it changes with every line of mine."""

    @classmethod
    def enter(cls, request: PartnerRequest, meeting: Meeting) -> Room:
        """Return the meeting as the viewer sees it now."""
        me = request.partner
        meeting.couple = me.couple
        items = list(with_decisions(me.couple.meeting_items.filter(meeting=meeting)))
        state = meeting.state(request.now, items=len(items))
        card = None
        if not state.over and not state.at_the_close:
            item = items[state.at]
            source = source_of(item.kind)
            card = source.card(request, item.subject) if source else None
        said = me.appreciations.order_by("-said_at").values_list("pk", flat=True).first()
        return cls(meeting, me, state, discussed(items, me=me), card, f"thanks-{said or 'first'}")

    @property
    def may(self) -> set[str]:
        """What either can do now, by the names of the kinds."""
        return {kind.value for kind in self.state.may()}

    @property
    def number(self) -> int:
        """Which item it is, counted from 1."""
        return self.state.at + 1

    @property
    def current(self) -> Discussed | None:
        """The item both phones show; None at the close and once it is over."""
        if self.state.over or self.state.at_the_close:
            return None
        return self.discussed[self.state.at]

    @property
    def others(self) -> list[Discussed]:
        """The items not shown, in which words may wait that were being typed."""
        return [each for each in self.discussed if each is not self.current]

    @property
    def decided(self) -> list[Discussed]:
        """The items about which something was decided."""
        return [each for each in self.discussed if each.decisions]

    @property
    def client_key(self) -> uuid.UUID:
        """A new key for each form that is drawn."""
        return uuid.uuid4()


def before(request: PartnerRequest) -> dict[str, object]:
    """Return what the page shows while no meeting is under way: the agenda as it is now."""
    couple = request.partner.couple
    items = agenda(couple, couple.today(request.now)) if couple.paired else []
    groups = [
        {"label": source.label, "lines": [each.line for each in some]}
        for kind, some in groupby(items, key=lambda each: each.kind)
        if (source := source_of(kind))
    ]
    return {"agenda": groups, "paired": couple.paired, "client_key": uuid.uuid4()}


def us(request: PartnerRequest) -> list[Card]:
    """The way to our time, and how much there is to talk about."""
    couple = request.partner.couple
    now = request.now
    if couple.meetings.under_way(now).exists():
        return [Card("our_time/us.html", {"under_way": True})]
    items = agenda(couple, couple.today(now)) if couple.paired else []
    waiting = sum(each.subject is not None for each in items)
    used = waiting > 0 or couple.meetings.exists()
    return [Card("our_time/us.html", {"waiting": waiting}, in_use=used)]
