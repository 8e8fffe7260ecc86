"""One's own manual: what the other may know about being with me, in my words alone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples import brakes
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


class ManualQuerySet(models.QuerySet["ManualEntry"]):
    """Entries by who may read them."""

    def shared_with(self, me: Partner) -> ManualQuerySet:
        """What the other shares with `me`, here and now; nothing while the seat is empty."""
        if me.other is None:
            return self.none()
        return self.filter(person=me.other.person_id, shared_in=me.couple_id)


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
    revision = models.PositiveIntegerField(default=1)  # what a change has seen
    client_key = models.UUIDField()

    objects: ClassVar[ManualQuerySet] = ManualQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "manual entries"
        constraints = [
            models.UniqueConstraint(fields=["person", "client_key"], name="one_manual_entry_a_tap"),
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
        cls,
        *,
        by: Partner,
        question: str,
        text: str,
        sharing: str,
        client_key: uuid.UUID,
        now: datetime | None = None,
    ) -> ManualEntry:
        """Keep a new entry. A tap repeated with the same key returns what it made.

        Raises ManualRefused when this question has an entry already, the key has made one of
        other words, or it is to be read by the other and beyond the brake.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            mine = by.person.manual
            if (again := mine.filter(client_key=client_key).first()) and again._says(
                by, text, sharing
            ):
                return again
            if again or (question != Question.OWN and mine.filter(question=question).exists()):
                raise ManualRefused(
                    _("You have written about this already. Open that entry to change it.")
                )
            if sharing != Sharing.PRIVATE:
                brakes.hold("manual", by=by, refused=ManualRefused, now=now)
            return cls.objects.create(
                person=by.person,
                question=question,
                text=text,
                written_at=now,
                client_key=client_key,
                **_shared(by, sharing),
            )

    def rewrite(self, *, by: Partner, text: str, sharing: str, revision: int) -> None:
        """Change one's own words and who may read them, at once. Nobody is told.

        `revision` names the words the page showed. Raises ManualRefused when they have changed
        since, are gone, or would come before the other beyond the brake; what is kept to oneself
        has none. Sent again it changes nothing.
        """
        with transaction.atomic():
            by.couple.lock()
            now_here = by.person.manual.filter(pk=self.pk).first()
            if now_here is None:
                raise ManualRefused(
                    _("This entry has just been thrown away. Your words are below.")
                )
            self.text, self.revision = now_here.text, now_here.revision
            self.sharing, self.shared_in_id = now_here.sharing, now_here.shared_in_id
            if self._says(by, text, sharing):
                return
            if self.revision != revision:
                raise ManualRefused(
                    _("This has changed since the page was drawn. Your words are below.")
                )
            shown = self.level_for(by) != Sharing.PRIVATE
            if sharing != Sharing.PRIVATE and (text != self.text or not shown):
                brakes.hold("manual", by=by, refused=ManualRefused)
                brakes.hold("manual_entry", by=by, refused=ManualRefused, about=self.pk)
            self.text, self.revision = text, revision + 1
            for name, value in _shared(by, sharing).items():
                setattr(self, name, value)
            self.save(update_fields=["text", "sharing", "shared_in", "revision"])

    def _says(self, by: Partner, text: str, sharing: str) -> bool:
        """True when these are its words, and who may read them, already."""
        return (self.text, self.level_for(by)) == (text, sharing)

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
    found = ManualEntry.objects.shared_with(me).filter(question__in=questions)
    entries = sorted(found, key=lambda each: questions.index(each.question))
    return with_keys(entries, me)


def with_keys(entries: list[ManualEntry], me: Partner) -> list[ManualEntry]:
    """Return these entries of the other with the key that opens them, which `me` has at hand."""
    for each in entries:
        if me.other:
            each.person = me.other.person
    return entries
