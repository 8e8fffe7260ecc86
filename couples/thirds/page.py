"""A third as one of the two sees it, and what thirds put on Us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from couples.access import PartnerRequest
from couples.cards import Card
from couples.isolation import isolated
from couples.models import Couple, Partner, Sort, Third
from couples.principles.page import Agreed
from couples.registry import registered
from couples.thirds.flow import Came, Kind, Stage
from couples.thirds.weeks import Weeks, counted, weeks_of


@dataclass(frozen=True)
class Between:
    """One third, seen by `me` on the couple's day `today`; `mine` is my own word of today or ""."""

    third: Third
    me: Partner
    today: date
    weeks: Weeks
    mine: str = ""

    @classmethod
    def of(cls, me: Partner, rows: Iterable[Third], today: date) -> list[Between]:
        """Return these thirds as `me` sees them, in three queries for all of them."""
        rows = list(rows)
        for row in rows:
            row.couple = me.couple
        said = me.third_moments.filter(day=today).values_list("third_id", "came")
        mine: dict[UUID, str] = dict(said)
        found = counted(me.couple, today)
        return [
            cls(row, me, today, weeks_of(row, found[row.pk], today), mine.get(row.pk, ""))
            for row in rows
        ]

    @property
    def may(self) -> set[str]:
        """What I can do with it, by the names of the kinds."""
        return {kind.value for kind in self.third.state().may(self.me.seat)}

    @property
    def asks_me(self) -> bool:
        """True while the other has named a person and I have not agreed."""
        return Kind.AGREE in self.third.state().may(self.me.seat)

    @property
    def proposed(self) -> bool:
        """True while it is a person whom one of us has named."""
        return self.third.stage == Stage.PROPOSED

    @property
    def sort(self) -> str:
        """What sort it is, where its name does not say so already."""
        return str(Sort(self.third.sort).label) if self.third.label else ""

    @property
    def we_came_first(self) -> bool:
        """True when that is my word of today."""
        return self.mine == Came.WE

    @property
    def this_came_first(self) -> bool:
        """True when that is my word of today."""
        return self.mine == Came.THIS


def open_ones(couple: Couple) -> list[Third]:
    """Return what is in force or proposed, by name; there are twelve at most."""
    rows = couple.thirds.exclude(stage=Stage.LET_GO)
    return sorted(rows, key=lambda each: (each.stage != Stage.PROPOSED, each.name.casefold()))


def asked_about(request: PartnerRequest) -> Third | None:
    """Return the third in force that the address names as `?third=`, if it is the couple's own."""
    try:
        named = UUID(request.GET.get("third", ""))
    except ValueError:
        return None
    return in_force(request.partner.couple, named)


def in_force(couple: Couple, third_id: UUID | None) -> Third | None:
    """Return the couple's third with this id while it is in force; no id costs no query."""
    return couple.thirds.in_force().filter(pk=third_id).first() if third_id else None


def principle_of(third: Third, me: Partner, today: date) -> Agreed | None:
    """Return the principle about this third as `me` sees it: in force, else as it is open."""
    if third.principle_id is None:
        return None
    rows = me.couple.wordings.filter(agreement=third.principle_id, closed_at=None)
    found = Agreed.by(me, rows.order_by("-number").with_names(), today)
    standing = [each for each in found if each.in_force]
    return next(iter([*standing, *found]), None)


def choices(me: Partner, today: date, kept: Agreed | None) -> list[tuple[str, str]]:
    """Return the principles a third can be given, by their ids and words: those in force.

    The one it has (`kept`) stays among them however it stands, or keeping the choice would drop it.
    """
    rows = me.couple.wordings.in_force(today).order_by("-proposed_at", "-pk")
    found = [(str(each.agreement_id), each.wording or "") for each in rows[:MOST_CHOICES]]
    if kept and str(kept.version.agreement_id) not in dict(found):
        words = (
            kept.words
            if kept.in_force
            else _("%(words)s (not in force)") % {"words": isolated(kept.words)}
        )
        found.insert(0, (str(kept.version.agreement_id), words))
    return found


MOST_CHOICES = 50


def links(me: Partner, third: Third) -> list[Card]:
    """Return what the higher rooms have about this third and both may see."""
    return [card for room in registered("THIRD_LINKS") for card in room(me, third)]


def us(request: PartnerRequest) -> list[Card]:
    """What can come between, with a word where something crowds in."""
    me = request.partner
    today = me.couple.today(request.now)
    rows = open_ones(me.couple)
    seen = Between.of(me, rows, today) if rows else []
    # What I have proposed myself waits on its own page: the other has been asked.
    shown = [each for each in seen if each.asks_me or not each.proposed]
    return [Card("thirds/us.html", {"seen": shown}, in_use=bool(rows))]
