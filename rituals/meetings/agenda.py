"""What the rituals put on the agenda of a couple's time together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.access import PartnerRequest
from couples.agenda import MOST, Item
from couples.cards import Card
from couples.days import DAY
from couples.models import Couple
from rituals.asks.flow import Stage
from rituals.asks.page import Conversation, seat
from rituals.days.models.ritual import EVERY_DAY, rituals_of
from rituals.topics.page import Talk

FIRST_TIME = timedelta(days=14)
"""How far appreciations reach back when the two have not met like this before."""

SHOWN = 10
"""Appreciations that are read again together."""

WEEK = 7


class Appreciations:
    """What the two appreciated since last time, and a moment to say one now: always first."""

    kind = "appreciations"
    label = gettext_lazy("First, what you appreciate")

    def waiting(self, _couple: Couple, _today: date) -> list[Item]:
        """Return the one item that every agenda begins with."""
        return [Item(self.kind, _("Read again what was said, and say one more."))]

    def card(self, request: PartnerRequest, _subject: UUID | None) -> Card | None:
        """Show what was said since the last time together."""
        me, today = request.partner, request.partner.couple.today(request.now)
        before = me.couple.meetings.over(request.now).order_by("-began_at").first()
        since = max(before.began_on if before else today - FIRST_TIME, today - 4 * FIRST_TIME)
        rows = me.couple.appreciations.filter(said_on__gte=since).order_by("-said_at", "-pk")
        said = list(rows[:SHOWN])
        seat(said, me)
        return Card("our_time/appreciations.html", {"said": said, "me": me})


class Topics:
    """What was raised and has not been dealt with."""

    kind = "topic"
    label = gettext_lazy("Something to talk about")

    def waiting(self, couple: Couple, _today: date) -> list[Item]:
        """Return raised topics; whether somebody has muted one makes no difference."""
        rows = list(couple.topics.open().order_by("raised_at", "pk")[:MOST])
        seat(rows, couple.together[0])
        return [Item(self.kind, each.words or _("unsaid"), each.pk) for each in rows]

    def card(self, request: PartnerRequest, subject: UUID | None) -> Card | None:
        """Show the topic and where the two stand."""
        me = request.partner
        rows = me.couple.topics.exclude(raised_at=None)
        found = rows.filter(pk=subject).first() if subject else None
        if found is None:
            return None
        here = Talk.enter(found, me, today=me.couple.today(request.now))
        return Card("our_time/topic.html", {"talk": here})


class Asks:
    """What was asked and has no answer, and what was to be talked about first."""

    kind = "ask"
    label = gettext_lazy("Asked, and still open")

    def waiting(self, couple: Couple, _today: date) -> list[Item]:
        """Return asks whose answer is to come; whether one is muted makes no difference."""
        stages = [Stage.ASKED, Stage.TALK]
        rows = list(couple.asks.filter(stage__in=stages).order_by("asked_at", "pk")[:MOST])
        seat(rows, couple.together[0])
        return [Item(self.kind, each.what or _("unsaid"), each.pk) for each in rows]

    def card(self, request: PartnerRequest, subject: UUID | None) -> Card | None:
        """Show the ask and what was said to it."""
        me = request.partner
        found = me.couple.asks.filter(pk=subject).first() if subject else None
        return Card("our_time/ask.html", {"talk": Conversation.enter(found, me)}) if found else None


@dataclass(frozen=True)
class Ahead:
    """One of the days to come, and what is planned for it."""

    day: date
    resting: bool
    rituals: list[str]
    asks: list[str]


class NextWeek:
    """The seven days ahead: always last."""

    kind = "next_week"
    label = gettext_lazy("The week ahead")

    def waiting(self, _couple: Couple, _today: date) -> list[Item]:
        """Return the one item that every agenda ends with."""
        return [Item(self.kind, _("What is coming, and when you two have time."))]

    def card(self, request: PartnerRequest, _subject: UUID | None) -> Card | None:
        """Show days of rest, rituals of single days, and open asks that name a day."""
        me = request.partner
        today = me.couple.today(request.now)
        days = [today + number * DAY for number in range(1, WEEK + 1)]
        within = Q(first_day__lte=days[-1], last_day__gte=days[0])
        rests = list(me.couple.rests.standing().filter(within))
        # Closed asks stay out, however they ended: that stands on the ask alone.
        asks = list(me.couple.asks.open().filter(on__in=days).order_by("asked_at")[:MOST])
        seat(asks, me)
        kept = [each for each in rituals_of(me.couple) if each.ended_at is None]
        ahead = [
            Ahead(
                day,
                any(rest.first_day <= day <= rest.last_day for rest in rests),
                [
                    each.name
                    for each in kept
                    if each.planned_on(day) and each.weekdays_on(day) != EVERY_DAY
                ],
                [each.what or _("unsaid") for each in asks if each.on == day],
            )
            for day in days
        ]
        full = [each for each in ahead if each.resting or each.rituals or each.asks]
        return Card("our_time/next_week.html", {"days": full})
