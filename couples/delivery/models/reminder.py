"""A promise to notify somebody, and each attempt to keep it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from couples.models.couple import Couple
from couples.models.person import Person


class Outcome(models.TextChoices):
    """How a promise was settled."""

    SENT = "sent"
    TOLD = "told"  # a message of the same kind that went out when it was due says the same
    DROPPED = "dropped"  # its source no longer wanted it: done, moved, at rest, left
    LAPSED = "lapsed"  # its useful time went by
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"  # handed to a server whose answer we never saw


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Promises by what has become of them."""

    def standing(self) -> ReminderQuerySet:
        """Promises that have not been settled yet."""
        return self.filter(settled_at=None)

    def free(self, *, now: datetime | Combinable) -> ReminderQuerySet:
        """Promises that are due and that nobody holds; a pause after a failure is a hold."""
        unheld = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.standing().filter(unheld, due_at__lte=now)

    def longest_wait(self) -> models.QuerySet[Any, Any]:
        """Since when the one that waits longest could have been taken: made, let go, put back.

        That need not be the one that is due first, whose pause may have ended a moment ago.
        """
        # GREATEST passes over what is null.
        since = Greatest("due_at", "created_at", "lease_until", "put_back_at")
        return self.annotate(waiting=since).order_by("waiting").values("waiting")[:1]

    def put_back(self, *, now: datetime) -> int:
        """Put failed promises back that are still useful, and return how many that were.

        Never one of which anything went out, or may have: that would be twice.
        """
        out = Delivery.objects.filter(reminder=OuterRef("pk"), stage__in=[*GONE_OUT])
        failed = self.filter(~Exists(out), outcome=Outcome.FAILED, useful_until__gt=now)
        # With a new number, whoever made the last attempt may write nothing any more.
        return failed.update(
            settled_at=None, outcome="", lease_until=None, put_back_at=now, fence=F("fence") + 1
        )

    def wake(self, *, now: datetime) -> None:
        """End the pauses of those that wait; what a worker is at the moment sending is left to it.

        Whoever holds one without having begun an attempt finds its number gone.
        """
        begun = Delivery.objects.filter(
            reminder=OuterRef("pk"), stage__in=[Stage.ATTEMPTING, Stage.HANDED]
        )
        waiting = self.standing().filter(~Exists(begun), due_at__lte=now, lease_until__gt=now)
        waiting.update(lease_until=None)

    def drop_standing(self, *, now: datetime) -> None:
        """Settle those that stand as dropped; nobody is told."""
        self.standing().update(settled_at=now, outcome=Outcome.DROPPED)

    def erase(self) -> None:
        """Delete these promises with every attempt, so that nothing tells that they were made."""
        with transaction.atomic(savepoint=False):
            # Whoever begins an attempt locks its promise first, so that none begins meanwhile.
            keys = list(self.select_for_update().values_list("pk", flat=True))
            Reminder.objects.filter(pk__in=keys).delete()


class Reminder(models.Model):
    """One promise: one person, one kind, one subject, one occasion (a local date or a round).

    The unique key is what makes it impossible to promise the same thing twice. `fence` counts
    claims: whoever comes back from a long absence with an old number may write nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A therapist's promises belong to no couple, and one about a couple can outlive it.
    couple = models.ForeignKey(
        Couple, null=True, on_delete=models.CASCADE, related_name="reminders"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=32)
    subject = models.UUIDField()
    occasion = models.CharField(max_length=32)
    due_at = models.DateTimeField()
    useful_until = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    put_back_at = models.DateTimeField(null=True, editable=False)
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
            models.Index(
                fields=["settled_at", "outcome"],
                condition=Q(settled_at__isnull=False),
                name="reminder_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it is due, and until when it is useful."""
        return self.due_at, self.useful_until

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
        with transaction.atomic(savepoint=False):
            # Locked: one that was settled long ago may be deleted at this moment.
            promise, made = cls.objects.select_for_update().get_or_create(
                person=person,
                kind=kind,
                subject=subject,
                occasion=occasion,
                defaults={"couple": couple, **times},
            )
            if not made:
                unsent = Q(settled_at=None) | Q(outcome=Outcome.DROPPED)
                # Without its lease, whoever is attempting it for the old time is refused; one whose
                # times stay as they are is left to its holder.
                moved = cls.objects.filter(unsent, pk=promise.pk).exclude(settled_at=None, **times)
                moved.update(settled_at=None, outcome="", lease_until=None, **times)

    @classmethod
    def drop(cls, *, now: datetime, kind: str, subject: uuid.UUID, **about: object) -> None:
        """Settle standing promises of this kind and subject as dropped; nobody is told."""
        cls.objects.filter(kind=kind, subject=subject, **about).drop_standing(now=now)

    def tries(self, channel: Channel) -> int:
        """How often this channel was tried since the promise was made, or last put back.

        Asks nothing of the database when the deliveries have come along.
        """
        since = self.put_back_at
        return sum(
            each.channel == channel and (since is None or each.began_at >= since)
            for each in self.deliveries.all()
        )


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


GONE_OUT = {Stage.HANDED, Stage.SENT, Stage.AMBIGUOUS}
"""Stages at which something has reached somebody, or may have."""


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
    reached = ArrayField(models.UUIDField(), default=list, db_default=[])
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
        indexes = [
            models.Index(
                fields=["ended_at"], condition=Q(ended_at__isnull=False), name="delivery_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.attempt} of {self.reminder_id}"
