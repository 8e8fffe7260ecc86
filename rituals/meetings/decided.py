"""Decisions as one of the two reads them, and as words lent to the forms of other rooms."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from couples.access import PartnerRequest
from couples.models import Partner
from rituals.meetings.models.decision import Became
from rituals.models import Decision, MeetingItem, Outcome, Topic

PAGES = {Became.PRINCIPLE: "principle", Became.ASK: "ask", Became.TOPIC: "topic"}
"""Where one thing of each kind has a page of its own."""


@dataclass(frozen=True)
class Grown:
    """Something that was made of a decision, and where it is."""

    label: str
    url: str


@dataclass(frozen=True)
class Decided:
    """One decision, as a viewer reads it."""

    decision: Decision
    grown: list[Grown]

    @property
    def words(self) -> str | None:
        """What was decided; None once it was taken back."""
        words: str | None = self.decision.words
        return words


@dataclass(frozen=True)
class Discussed:
    """One item of a meeting, and what was decided about it, in the order it was written down."""

    item: MeetingItem
    decisions: list[Decided]
    me: Partner

    @property
    def number(self) -> int:
        """Which item it is, counted from 1."""
        return self.item.position + 1

    @property
    def key(self) -> str:
        """A name for what is being typed about it; it changes with every decision of mine."""
        mine = sum(each.decision.kept_by_id == self.me.pk for each in self.decisions)
        return f"decision-{self.item.pk}-{mine}"


def with_decisions(items: QuerySet[MeetingItem]) -> QuerySet[MeetingItem]:
    """Bring along, in two more queries, what was decided about each item and what became of it."""
    kept = Decision.objects.order_by("kept_at", "pk").prefetch_related("outcomes")
    return items.order_by("position").prefetch_related(Prefetch("decisions", kept))


def discussed(items: Iterable[MeetingItem], *, me: Partner) -> list[Discussed]:
    """Return these items as `me` reads them; they bring their decisions along.

    Costs one query if any decision became a topic: one that is still a draft is known to its
    author alone, and the decision says nothing of it to the other.
    """
    rows = list(items)
    made = [each for row in rows for one in row.decisions.all() for each in one.outcomes.all()]
    known = _known(made, me)
    return [
        Discussed(row, [_decided(one, known, me) for one in row.decisions.all()], me)
        for row in rows
    ]


def _decided(decision: Decision, known: set[uuid.UUID], me: Partner) -> Decided:
    decision.couple = me.couple
    return Decided(
        decision,
        [_grown(each) for each in decision.outcomes.all() if each.subject in known],
    )


def _grown(outcome: Outcome) -> Grown:
    kind = Became(outcome.kind)
    page = PAGES.get(kind)
    url = reverse(page, args=[outcome.subject]) if page else reverse("rituals")
    return Grown(str(kind.label), url)


def _known(made: list[Outcome], me: Partner) -> set[uuid.UUID]:
    """Return the subjects of which `me` may know."""
    topics = {each.subject for each in made if each.kind == Became.TOPIC}
    others = {each.subject for each in made} - topics
    if not topics:
        return others
    there = Topic.objects.visible_to(me).filter(couple=me.couple, pk__in=topics)
    return others | set(there.values_list("pk", flat=True))


class Lender:
    """Lends the words of a decision to the forms of other rooms (`WORDS_FROM`)."""

    name = "decision"

    def words(self, reference: uuid.UUID, *, request: PartnerRequest) -> str | None:
        """Return the words of a decision of the viewer's couple that has not been taken back."""
        found = _decision(request, reference)
        return found.words if found else None

    def became(
        self, reference: uuid.UUID, kind: str, subject: uuid.UUID, *, request: PartnerRequest
    ) -> None:
        """Note on the decision what was made of it."""
        if found := _decision(request, reference):
            Outcome.note(found, kind, subject, by=request.partner, now=request.now)


def _decision(request: PartnerRequest, reference: uuid.UUID) -> Decision | None:
    couple = request.partner.couple
    found = couple.decisions.filter(pk=reference, struck_on=None).first()
    if found:
        found.couple = couple
    return found
