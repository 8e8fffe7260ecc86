"""A decision: what two people wrote down together in their time, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner
from couples.vault import SealedField
from rituals.meetings.models.meeting import MeetingItem, MeetingRefused

LONGEST = 300
"""Characters of a decision: what two people can say back to each other."""

MOST = 50
"""Decisions of one meeting; more would be minutes."""

LATE = timedelta(hours=24)
"""How long after the last step a decision that was being typed can still be kept."""


class Decision(models.Model):
    """One thing the two decided. It belongs to both: either may take it back, and no page says who.

    `kept_by` tells a repeated tap from a new one, and is shown to nobody. Taking it back deletes
    the words; that something was decided stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="decisions")
    words = SealedField(owner="couple", null=True)
    kept_by = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    struck_on = models.DateField(null=True)  # the couple's day
    client_key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "kept_by", "client_key"], name="one_decision_a_tap"
            ),
            models.CheckConstraint(
                name="a_decision_has_words_until_it_is_taken_back",
                condition=Q(struck_on=None, words__isnull=False)
                | Q(struck_on__isnull=False, words__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["couple", "item"], name="decision_by_item")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def keep(
        cls,
        words: str,
        *,
        item: MeetingItem,
        by: Partner,
        client_key: uuid.UUID,
        now: datetime | None = None,
    ) -> None:
        """Keep what was decided about `item`; a tap repeated with the same key changes nothing.

        It fits whichever item the two have moved on to, and for LATE after the last step, so that
        nobody's sentence is lost because the other was quicker. Raises MeetingRefused later than
        that, and when there are MOST already.
        """
        now = now or database_now()
        with transaction.atomic():
            item.meeting.hold(by)
            if by.couple.decisions.filter(kept_by=by, client_key=client_key).exists():
                return
            if item.meeting.moved_at <= now - LATE:
                raise MeetingRefused(_("That time together is over. Your words are still here."))
            if by.couple.decisions.filter(item__meeting=item.meeting_id).count() >= MOST:
                raise MeetingRefused(_("Fifty decisions are plenty. Your words are still here."))
            brakes.hold("decision", by=by, refused=MeetingRefused, now=now)
            cls.objects.create(
                couple=by.couple,
                item=item,
                words=words,
                kept_by=by,
                kept_at=now,
                client_key=client_key,
            )
            by.couple.was_active(by.couple.today(now), by=by)
            by.couple.publish("our-time")

    def strike(self, *, by: Partner, now: datetime | None = None) -> None:
        """Take it back, for both: its words are deleted. Twice changes nothing."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            self.refresh_from_db(fields=["struck_on"])
            if self.struck_on:
                return
            self.couple = by.couple
            self.words, self.struck_on = None, by.couple.today(now)
            self.save(update_fields=["words", "struck_on"])
            by.couple.was_active(self.struck_on, by=None)  # names nobody
            by.couple.publish("our-time")


class Became(models.TextChoices):
    """What a decision can become."""

    PRINCIPLE = "principle", gettext_lazy("a principle")
    ASK = "ask", gettext_lazy("an ask")
    RITUAL = "ritual", gettext_lazy("a ritual")
    TOPIC = "topic", gettext_lazy("a topic")


class Outcome(models.Model):
    """Something that was made of a decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=16, choices=Became)
    subject = models.UUIDField()
    made_on = models.DateField()  # the couple's day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "decision", "kind", "subject"], name="one_outcome_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @classmethod
    def note(
        cls,
        decision: Decision,
        kind: str,
        subject: uuid.UUID,
        *,
        by: Partner,
        now: datetime | None = None,
    ) -> None:
        """Note on `decision` what was made of it; twice changes nothing.

        Publishes nothing: what was made tells of itself, if the other may know of it.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            cls.objects.get_or_create(
                couple=by.couple,
                decision=decision,
                kind=kind,
                subject=subject,
                defaults={"made_on": by.couple.today(now)},
            )
