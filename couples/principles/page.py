"""A principle as one of the two sees it, and what principles put on Today and Us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from couples.access import PartnerRequest
from couples.cards import Card, Place
from couples.isolation import isolated
from couples.models import AgreementVersion, Partner
from couples.models.couple import SEATS
from couples.principles.cautions import cautions
from couples.principles.flow import Wording

SOON = timedelta(days=28)
"""How long before it lapses a principle can be signed again with one tap."""

ASKED_FOR = timedelta(days=7)
"""For how long Today says that a wording waits for my name; after that it waits under Us."""

ON_TODAY = 3
"""Wordings that Today brings up at a time, newest first."""

ON_US = 6
"""Principles that Us shows; the rest are one tap further."""


@dataclass(frozen=True)
class Agreed:
    """One wording, seen by `me` on the couple's day `today`."""

    version: AgreementVersion
    me: Partner
    today: date
    wording: Wording

    @classmethod
    def by(cls, me: Partner, rows: Iterable[AgreementVersion], today: date) -> list[Agreed]:
        """Return these wordings as `me` sees them; they bring their current names along."""
        seats = {partner.pk: partner.seat for partner in me.couple.together}
        return [
            cls(
                version=row,
                me=me,
                today=today,
                wording=Wording(
                    names={seats[name.partner_id]: name.lapses_on for name in row.signatures.all()},
                    adopted=row.adopted_at is not None,
                ),
            )
            for row in rows
        ]

    @property
    def words(self) -> str:
        """The sentence itself."""
        return self.version.wording or ""

    @property
    def in_force(self) -> bool:
        """True while both stand under it."""
        return self.wording.in_force(self.today)

    @property
    def offered(self) -> date | None:
        """The day up to which the other has signed and I have not."""
        return self.wording.offered(self.me.seat, self.today)

    @property
    def mine(self) -> bool:
        """My half: my name stands as long as the other's does, or longer."""
        return self.me.seat in self.wording.standing(self.today) and not self.offered

    @property
    def theirs(self) -> bool:
        """The other's half, likewise."""
        if self.me.other is None or self.me.other.seat not in self.wording.standing(self.today):
            return False
        return self.wording.offered(self.me.other.seat, self.today) is None

    @property
    def open(self) -> bool:
        """True while one signature is there and the other is not; halves are shown then alone."""
        return self.mine != self.theirs

    @property
    def until(self) -> date | None:
        """The day on which it lapses, or on which the one signature there is does."""
        standing = self.wording.standing(self.today)
        return min((self.wording.names[side] for side in standing), default=None)

    @property
    def soon(self) -> bool:
        """True when it is in force and about to lapse."""
        return self.in_force and self.until is not None and self.until <= self.today + SOON

    @property
    def cautions(self) -> list[Promise]:
        """What is said in private to the one who is asked to sign, and to nobody else."""
        return [each.text for each in cautions(self.words)] if self.offered else []

    @property
    def line(self) -> str:
        """How it stands, in a sentence that is the same for both unless a signature is open."""
        name = self.me.other.name if self.me.other else ""
        day = date_format(self.until, "j F Y") if self.until else ""
        if self.in_force and self.offered:
            later = date_format(self.offered, "j F Y")
            words = {"name": isolated(name), "later": later, "day": day}
            return (
                _("%(name)s has signed again, until %(later)s; without you until %(day)s.") % words
            )
        if self.in_force and self.open:
            return _("You have signed again. It lapses on %(day)s unless both have.") % {"day": day}
        if self.in_force:
            return _("In force until %(day)s, and longer if you both sign again.") % {"day": day}
        if self.offered:
            words = {"name": isolated(name), "day": date_format(self.offered, "j F Y")}
            return (
                _("%(name)s has signed. With your name it is in force. It lapses on %(day)s.")
                % words
            )
        if self.mine:
            return _("Your name is there. It is open for the two of you.")
        return _("Not in force.")

    @property
    def sign(self) -> str:
        """What the two halves say to a screen reader."""
        name = self.me.other.name if self.me.other else _("your partner")
        if self.mine:
            return _("Your name is there; the half of %(name)s is open.") % {"name": isolated(name)}
        return _("The name of %(name)s is there; your half is open.") % {"name": isolated(name)}


def today(request: PartnerRequest) -> list[Card]:
    """What the two are for while it is in force, and what I am asked to sign; one query.

    A wording is read and answered on its own page, where what has to be said about it stands too.
    """
    me = request.partner
    found = me.couple.wordings.for_today(
        me, today=me.couple.today(request.now), since=request.now - ASKED_FOR
    )
    named, asked = [], []
    for each in found[: 1 + ON_TODAY]:
        if each.names == len(SEATS):  # type: ignore[attr-defined]
            shows = {"words": each.wording}
            named.append(Card("couples/principles/purpose.html", shows, Place.FIRST, for_one=True))
        else:
            asked.append(Card("couples/principles/asked.html", {"version": each}))
    return [*named, *asked[:ON_TODAY]]


def us(request: PartnerRequest) -> list[Card]:
    """What is open for a signature, and what is in force."""
    me = request.partner
    today = me.couple.today(request.now)
    wordings = me.couple.wordings.order_by("-proposed_at", "-pk").with_names()
    waiting = Agreed.by(me, wordings.open_for_one(today)[:ON_US], today)
    standing = Agreed.by(me, wordings.in_force(today)[:ON_US], today)
    shows = {"open": waiting, "in_force": standing}
    return [Card("couples/principles/us.html", shows, in_use=bool(waiting or standing))]
