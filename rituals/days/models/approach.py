"""On my way, heading out: one tap ahead of a ritual, so that both can be ready."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from couples import brakes
from couples.clock import database_now
from couples.delivery.models.chosen import who_chose
from couples.models import Couple, Partner, Reminder

KIND = "approach"
OCCASION = "now"
USEFUL = timedelta(hours=1)
"""After this a message that they are on the way says nothing any more."""

LASTS = timedelta(hours=3)

TAKEN_BACK = ""
"""What is left of something taken back, until the other can be told something again."""


class Approach(models.Model):
    """What one partner has just told the other; no place, no time, and no history of it.

    A partner has one row at most. It is deleted when the ritual it leads to is marked, and by
    the tick after three hours. Taken back, it says nothing any more, and goes when its half hour is
    over: without the row, taking back would make room for the next message at once. The other gets
    a message of it only when they chose to; its promise is deleted as soon as it is settled, and
    with the row at the latest.
    """

    class Kind(models.TextChoices):
        ON_MY_WAY = "on_my_way", _("On my way")
        HEADING_OUT = "heading_out", _("Heading out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.CASCADE, related_name="approaches")
    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="approach")
    kind = models.CharField(max_length=16, choices=Kind)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind

    @classmethod
    def tell(cls, *, by: Partner, kind: str, now: datetime | None = None) -> bool:
        """Tell the other; False when they were told this or the like within the last 30 minutes."""
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            # Of either kind: two in turn would be as loud as one again and again.
            lately = not brakes.has_place("on_my_way", by=by, now=now)
            if not lately:
                brakes.note("on_my_way", by=by, now=now)
                told, _made = cls.objects.update_or_create(
                    partner=by,
                    defaults={"couple": by.couple, "kind": kind, "until": now + LASTS},
                )
                # Whoever got the last message is told again, on every phone.
                Reminder.objects.filter(kind=KIND, subject=told.pk).erase()
                told.promise(to=by.other, now=now)
                by.acted_on(by.couple.today(now))
                by.couple.publish("today")
        return not lately

    @classmethod
    def take_back(cls, *, by: Partner, now: datetime | None = None) -> None:
        """Take back what was told, and the promise of a message; the other's page says it no more.

        Twice, or when there is nothing to take back, it changes nothing.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            told = cls.objects.filter(partner=by, until__gt=now).exclude(kind=TAKEN_BACK).first()
            if told is None:
                return
            told.kind = TAKEN_BACK
            told.save(update_fields=["kind"])
            Reminder.objects.filter(kind=KIND, subject=told.pk).erase()
            by.couple.publish("today")

    @classmethod
    def arrive(cls, couple: Couple, *, kind: str) -> None:
        """Forget what led to a ritual that has now been marked."""
        _forget(cls.objects.filter(couple=couple, kind=kind))

    def promise(self, *, to: Partner | None, now: datetime) -> None:
        """Promise the other a message at once, if they are here and chose to get one."""
        for each in who_chose(KIND, [to] if to else []):
            Reminder.promise(
                person=each.person,
                couple=each.couple,
                kind=KIND,
                subject=self.pk,
                occasion=OCCASION,
                due_at=now,
                useful_until=now + USEFUL,
            )


def sweep(*, now: datetime | None = None) -> None:
    """Delete what was told three hours ago, or taken back and told half an hour ago."""
    now = now or database_now()
    silent = models.Q(kind=TAKEN_BACK, until__lte=now + LASTS - brakes.HALF_AN_HOUR)
    _forget(Approach.objects.filter(models.Q(until__lte=now) | silent))


def _forget(told: models.QuerySet[Approach]) -> None:
    """Delete these, and what was promised or sent because of them."""
    with transaction.atomic(savepoint=False):
        gone = dict(told.select_for_update().values_list("pk", "couple"))
        if gone:
            messages = Reminder.objects.filter(couple__in=gone.values(), kind=KIND)
            messages.filter(subject__in=gone).erase()
            Approach.objects.filter(pk__in=gone).delete()
