"""A promise to notify somebody, and each attempt to keep it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from couples.models.couple import Couple
from couples.models.person import Person


class Outcome(models.TextChoices):
    """How a promise was settled."""

    SENT = "sent"
    DROPPED = "dropped"  # its source no longer wanted it: done, moved, at rest, left
    LAPSED = "lapsed"  # its useful time went by
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"  # handed to a server whose answer we never saw


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Promises by what has become of them."""

    def standing(self) -> ReminderQuerySet:
        """Promises that have not been settled yet."""
        return self.filter(settled_at=None)


class Reminder(models.Model):
    """One promise: one person, one kind, one subject, one occasion (a local date or a round).

    The unique key is what makes it impossible to promise the same thing twice. `fence` counts
    claims: whoever comes back from a long absence with an old number may write nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A therapist's promises belong to no couple, and one about a couple can outlive it.
    couple = models.ForeignKey(Couple, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=32)
    subject = models.UUIDField()
    occasion = models.CharField(max_length=32)
    due_at = models.DateTimeField()
    useful_until = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "subject", "occasion"], name="one_promise_an_occasion"
            ),
            models.CheckConstraint(
                name="settled_with_an_outcome",
                condition=Q(settled_at=None, outcome="")
                | (Q(settled_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="useful_after_due", condition=Q(useful_until__gt=models.F("due_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(settled_at=None), name="reminder_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def promise(
        cls,
        *,
        person: Person,
        couple: Couple | None,
        kind: str,
        subject: uuid.UUID,
        occasion: str,
        due_at: datetime,
        useful_until: datetime,
    ) -> None:
        """Promise this occasion, or move it if it is promised and not settled yet.

        One that was dropped unsent may be promised again; one settled in any other way stays so,
        and moving a time after the reminder went out sends nothing again.
        """
        times = {"due_at": due_at, "useful_until": useful_until}
        promise, made = cls.objects.get_or_create(
            person=person,
            kind=kind,
            subject=subject,
            occasion=occasion,
            defaults={"couple": couple, **times},
        )
        if not made:
            unsent = Q(settled_at=None) | Q(outcome=Outcome.DROPPED)
            # Without its lease, whoever is attempting it for the old time is refused.
            cls.objects.filter(unsent, pk=promise.pk).update(
                settled_at=None, outcome="", lease_until=None, **times
            )

    @classmethod
    def drop(cls, *, now: datetime, kind: str, subject: uuid.UUID, **about: object) -> None:
        """Settle standing promises of this kind and subject as dropped; nobody is told."""
        standing = cls.objects.standing().filter(kind=kind, subject=subject, **about)
        standing.update(settled_at=now, outcome=Outcome.DROPPED)


class Channel(models.TextChoices):
    """The ways on which a promise can be kept."""

    EMAIL = "email"
    PUSH = "push"


class Stage(models.TextChoices):
    """How far an attempt has come, as far as we know for certain."""

    ATTEMPTING = "attempting"  # committed before the network is touched
    HANDED = "handed"  # committed after the server's greeting, before the message
    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"


class Delivery(models.Model):
    """One attempt on one channel to keep a promise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    attempt = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.ATTEMPTING)
    fence = models.PositiveIntegerField()
    provider_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=200, blank=True)
    # Devices that took a push of this attempt; the next attempt leaves them alone.
    reached = ArrayField(models.UUIDField(), default=list)
    began_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "channel", "attempt"], name="one_row_an_attempt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.attempt} of {self.reminder_id}"
