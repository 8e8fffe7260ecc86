"""One's own manual: what the other may know about being with me, in my words alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.clock import database_now
from couples.models.couple import Couple, Partner
from couples.models.person import Person
from couples.vault import SealedField


class ManualRefused(Exception):
    """Why an entry cannot be kept, in words for the person who wrote it."""


class Question(models.TextChoices):
    """What an entry answers; everybody may add their own beside these."""

    UPSET = "upset", gettext_lazy("When I'm upset you will see me …")
    HELPS = "helps", gettext_lazy("What helps")
    WORSE = "worse", gettext_lazy("What makes it worse")
    HOME = "home", gettext_lazy("What I need when I come home")
    SORRY = "sorry", gettext_lazy("How I say sorry")
    CLOSENESS = (
        "closeness",
        gettext_lazy("When closeness gets hard I reach, withdraw, freeze or fix"),
    )
    OWN = "own", gettext_lazy("Something else about me")


class Sharing(models.TextChoices):
    """Who may read an entry. It changes at once, and nobody is told."""

    PRIVATE = "private", gettext_lazy("Only me")
    PARTNER = "partner", gettext_lazy("My partner")
    THERAPIST = "therapist", gettext_lazy("My partner and our therapist")


class ManualEntry(models.Model):
    """One answer of one person. It belongs to the person and goes with them.

    Sharing does not: it holds for the couple in which it was chosen (`shared_in`), so that a next
    partner reads nothing that was meant for an earlier one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="manual")
    question = models.CharField(max_length=16, choices=Question)
    text = SealedField(owner="person")
    sharing = models.CharField(max_length=16, choices=Sharing, default=Sharing.PRIVATE)
    shared_in = models.ForeignKey(Couple, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "manual entries"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "question"],
                condition=~Q(question=Question.OWN),
                name="one_manual_entry_a_question",
            ),
            models.CheckConstraint(
                name="manual_sharing_says_in_which_couple",
                condition=Q(sharing=Sharing.PRIVATE, shared_in=None)
                | (Q(shared_in__isnull=False) & ~Q(sharing=Sharing.PRIVATE)),
            ),
        ]
        indexes = [models.Index(fields=["person", "-written_at"], name="manual_by_time")]

    def __str__(self) -> str:
        return f"{self.question} {self.pk}"

    @classmethod
    def write(
        cls, *, by: Partner, question: str, text: str, sharing: str, now: datetime | None = None
    ) -> ManualEntry:
        """Keep a new entry; raises ManualRefused when this question has one already."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if question != Question.OWN and by.person.manual.filter(question=question).exists():
                raise ManualRefused(
                    _("You have written about this already. Open that entry to change it.")
                )
            return cls.objects.create(
                person=by.person,
                question=question,
                text=text,
                written_at=now,
                **_shared(by, sharing),
            )

    def rewrite(self, *, by: Partner, text: str, sharing: str) -> None:
        """Change one's own words and who may read them, at once. Nobody is told."""
        with transaction.atomic():
            by.couple.lock()
            self.text = text
            for name, value in _shared(by, sharing).items():
                setattr(self, name, value)
            self.save(update_fields=["text", "sharing", "shared_in"])

    def throw_away(self) -> None:
        """Delete it for good."""
        self.delete()

    def level_for(self, me: Partner) -> str:
        """Return who may read it now; what was shared in an earlier couple is private in this."""
        return self.sharing if self.shared_in_id == me.couple_id else Sharing.PRIVATE


def _shared(by: Partner, sharing: str) -> dict[str, object]:
    private = sharing == Sharing.PRIVATE
    return {"sharing": sharing, "shared_in": None if private else by.couple}


def shared_with(me: Partner, *questions: str) -> list[ManualEntry]:
    """Return what the other shares with `me` about these questions, in their order; one query."""
    if me.other is None:
        return []
    found = ManualEntry.objects.filter(
        person=me.other.person_id, shared_in=me.couple_id, question__in=questions
    )
    entries = sorted(found, key=lambda each: questions.index(each.question))
    for each in entries:
        each.person = me.other.person
    return entries
