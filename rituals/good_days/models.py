"""A good day: now and then one question about what went well, to share or to keep."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from couples.clock import database_now
from couples.days import week_of
from couples.models import Couple, Partner
from couples.models.couple import SEATS
from couples.vault import SealedField

QUESTIONS = [
    _("What was easy between you two this week?"),
    _("When did you last laugh together?"),
    _("What did your partner do that made your day lighter?"),
    _("Which small moment would you like to have again?"),
    _("What went better than you thought?"),
    _("When did you feel that you two are a team?"),
    _("What would you thank your partner for, if nobody minded the size of it?"),
    _("Where did you meet each other halfway?"),
]


@dataclass(frozen=True)
class Question:
    """One question: to whose seat, from which day of which week on, in which words."""

    week: date
    seat: int
    since: date
    words: str


def question_of(couple: Couple, day: date) -> Question | None:
    """Return the one question of the week of `day`, or None in a week without any.

    Drawn from the couple and the week alone, so that every page of both phones agrees. Three weeks
    of four have one, to one of the two, from some day until Sunday.
    """
    week = week_of(day)
    drawn = hashlib.sha256(couple.pk.bytes + week.isoformat().encode()).digest()
    if drawn[0] % 4 == 0:
        return None
    return Question(
        week=week,
        seat=SEATS[drawn[1] % len(SEATS)],
        since=week + timedelta(days=drawn[2] % 7),
        words=str(QUESTIONS[drawn[3] % len(QUESTIONS)]),
    )


class GoodDay(models.Model):
    """One partner's answer, or that they let the question pass; a shared one is seen by both."""

    class Outcome(models.TextChoices):
        """What became of the question."""

        KEPT = "kept", _("Keep it")
        SHARED = "shared", _("Share it")
        PASSED = "passed", _("Not now")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="good_days")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="good_days")
    week = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    words = SealedField(owner="partner.person", null=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "week", "partner"], name="one_good_day_a_week"
            ),
            models.CheckConstraint(
                name="a_good_day_has_words_unless_passed",
                condition=Q(outcome="passed", words__isnull=True)
                | (~Q(outcome="passed") & Q(words__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.pk}"

    @classmethod
    def answer(
        cls,
        *,
        by: Partner,
        week: date,
        outcome: str,
        words: str | None = None,
        now: datetime | None = None,
    ) -> GoodDay:
        """Keep, share, or let pass the question of `week`, and return the answer that stands.

        An answer stands: a second one for the same week changes nothing.
        """
        now = now or database_now()
        passed = outcome == cls.Outcome.PASSED
        with transaction.atomic():
            by.couple.lock()
            given, made = cls.objects.get_or_create(
                couple=by.couple,
                partner=by,
                week=week,
                defaults={
                    "outcome": outcome,
                    "words": None if passed else words,
                    "answered_at": now,
                },
            )
            if made and outcome == cls.Outcome.SHARED:
                by.acted_on(by.couple.today(now))
                # What is kept or let pass is nobody else's: not even an event tells of it.
                by.couple.publish("today")
        return given
