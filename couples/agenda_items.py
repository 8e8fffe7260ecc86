"""What principles and thirds put on the agenda of a couple's time together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from couples.access import PartnerRequest
from couples.agenda import MOST, Item
from couples.cards import Card
from couples.models import AgreementVersion, Couple
from couples.principles.page import SOON, Agreed
from couples.thirds.page import Between
from couples.thirds.weeks import crowded


class Lapsing:
    """What was agreed and ends soon unless both sign again."""

    kind = "principle"
    label = _("A principle about to lapse")

    def waiting(self, couple: Couple, today: date) -> list[Item]:
        """Return those that lapse within SOON, the first to lapse first."""
        ends = Min("signatures__lapses_on", filter=Q(signatures__ended_at=None))
        rows = couple.wordings.lapsing(today, by_day=today + SOON).annotate(ends=ends)
        found = rows.order_by("ends", "pk")[:MOST]
        return [Item(self.kind, each.wording or "", each.pk) for each in _owned(found, couple)]

    def card(self, request: PartnerRequest, subject: UUID | None) -> Card | None:
        """Show the wording and how it stands; signing again is one tap further."""
        me, today = request.partner, request.partner.couple.today(request.now)
        rows = me.couple.wordings.filter(pk__in=[subject] if subject else []).with_names()
        for it in Agreed.by(me, _owned(rows, me.couple), today):
            return Card("our_time/principle.html", {"it": it})
        return None


class Crowding:
    """What crowded in lately."""

    kind = "third"
    label = _("What came between lately")

    def waiting(self, couple: Couple, today: date) -> list[Item]:
        """Return the thirds that counted in three of the last four weeks."""
        return [Item(self.kind, each.name, each.pk) for each in crowded(couple, today)[:MOST]]

    def card(self, request: PartnerRequest, subject: UUID | None) -> Card | None:
        """Show its weeks, which are the same for both, and nobody's word of today."""
        me, today = request.partner, request.partner.couple.today(request.now)
        rows = me.couple.thirds.in_force().filter(pk__in=[subject] if subject else [])
        for it in Between.of(me, rows, today):
            return Card("our_time/third.html", {"it": it})
        return None


def _owned(rows: Iterable[AgreementVersion], couple: Couple) -> Iterator[AgreementVersion]:
    for row in rows:
        row.couple = couple
        yield row
