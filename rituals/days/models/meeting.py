"""When we meet again: a word at the goodbye, kept until the two have said hi."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner
from couples.vault import SealedField


class MeetingWordRefused(Exception):
    """Why a word cannot reach the other yet, in words for the person who wrote it."""


class MeetingWord(models.Model):
    """What one partner has said about meeting again. One row a partner, and no history of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.CASCADE, related_name="meeting_words")
    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="meeting_word")
    words = SealedField(owner="partner.person")
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def say(cls, *, by: Partner, words: str, now: datetime | None = None) -> None:
        """Tell the other when you two meet again; empty words take it back, at any time.

        The same words again change nothing. Raises MeetingWordRefused beyond the brake.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            said = cls.objects.filter(partner=by).first()
            if said:
                said.partner = by  # brings the key
                if said.words == words:
                    return
            if words:
                brakes.hold("meeting_word", by=by, refused=MeetingWordRefused, now=now)
            # Deleted and made anew: a row of its own keeps no trace of what was said before.
            cls.objects.filter(partner=by).delete()
            if words:
                cls.objects.create(couple=by.couple, partner=by, words=words, said_at=now)
                by.acted_on(by.couple.today(now))
            by.couple.publish("today")

    @classmethod
    def met(cls, couple: Couple) -> None:
        """Forget it: the two have said hi."""
        cls.objects.filter(couple=couple).delete()
