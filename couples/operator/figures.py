"""How delivery is doing, in numbers: the same few queries however much there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from couples.delivery.models.reminder import Channel, Outcome, Stage
from couples.live.publisher import line
from couples.models import Delivery, Reminder

DAY, WEEK = timedelta(hours=24), timedelta(days=7)

ENDED = (Stage.SENT, Stage.FAILED, Stage.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what happened, how often in the last 24 hours and 7 days."""

    name: str
    day: int
    week: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands at the top of the operator's page."""

    due: int
    """Promises that are due and that nobody holds."""
    held: int
    """Promises that are due and being worked on, or in the pause after a failed attempt."""
    standing: int
    outcomes: list[Row]
    attempts: dict[str, list[Row]]
    """By channel."""
    listeners: int | None
    """Processes on the live line; None when Redis does not answer."""


def figures(*, now: datetime) -> Figures:
    """Count at this instant, in three queries and one question to Redis."""
    standing = Reminder.objects.standing().aggregate(
        all=Count("pk"),
        due=Count("pk", filter=Q(due_at__lte=now)),
        held=Count("pk", filter=Q(due_at__lte=now, lease_until__gt=now)),
    )
    return Figures(
        due=standing["due"] - standing["held"],
        held=standing["held"],
        standing=standing["all"],
        outcomes=_outcomes(now),
        attempts=_attempts(now),
        listeners=line().listeners(),
    )


def _outcomes(now: datetime) -> list[Row]:
    counted = (
        Reminder.objects.filter(settled_at__gt=now - WEEK)
        .values("outcome")
        .annotate(day=Count("pk", filter=Q(settled_at__gt=now - DAY)), week=Count("pk"))
    )
    found = {each["outcome"]: (each["day"], each["week"]) for each in counted}
    return [Row(str(outcome.label), *found.get(outcome.value, (0, 0))) for outcome in Outcome]


def _attempts(now: datetime) -> dict[str, list[Row]]:
    counted = (
        Delivery.objects.filter(ended_at__gt=now - WEEK)
        .values("channel", "stage")
        .annotate(day=Count("pk", filter=Q(ended_at__gt=now - DAY)), week=Count("pk"))
    )
    found = {(each["channel"], each["stage"]): (each["day"], each["week"]) for each in counted}
    return {
        str(channel.label): [
            Row(str(stage.label), *found.get((channel.value, stage.value), (0, 0)))
            for stage in ENDED
        ]
        for channel in Channel
    }
