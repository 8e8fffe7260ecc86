"""The shared account, and one's place in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from couples.clock import database_now
from couples.days import couple_day, instant
from couples.live.publisher import publish
from couples.models.key import Key
from couples.models.person import Person
from couples.registry import registered

SEATS = (1, 2)

SILENT_AFTER = timedelta(days=14)
"""Whole days of the couple after which the app stops speaking of a partner to the other."""


class Couple(models.Model):
    """Two people's one account. Everything either does in it lands here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day_zone = models.CharField(max_length=64)
    day_start = models.TimeField(default=time(4))
    last_active_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def start(cls, *, by: Person, day_zone: str) -> Partner:
        """Start a couple with one seat taken, and return the starter's place in it.

        Raises IntegrityError when the person already is in a live couple.
        """
        with transaction.atomic():
            couple = cls.objects.create(day_zone=day_zone)
            starter = Partner.objects.create(couple=couple, person=by, seat=SEATS[0])
            for begin in registered("COUPLE_STARTS"):
                begin(couple, on=couple.today(starter.joined_at))
            return starter

    def today(self, now: datetime) -> date:
        """Return this couple's date at the aware instant `now`."""
        return couple_day(now, zone=self.day_zone, day_start=self.day_start)

    def begins(self, day: date) -> datetime:
        """Return the instant at which this couple's date `day` begins."""
        return instant(day, self.day_start, zone=self.day_zone)

    @cached_property
    def together(self) -> list[Partner]:
        """The one or two partners, by seat, with what opening their words needs."""
        return list(Partner.objects.live().with_keys().filter(couple=self).order_by("seat"))

    @property
    def paired(self) -> bool:
        """True while both seats are taken."""
        return len(self.together) == len(SEATS)

    def vault_key(self) -> Key:
        """The key that seals joint texts: principles, names of rituals, decisions."""
        return Key.of_couple(self)

    def lock(self) -> None:
        """Hold this couple's row until the transaction ends, so that acts get one order."""
        Couple.objects.select_for_update().only("pk").get(pk=self.pk)

    def publish(self, *names: str, to: Iterable[Partner] | None = None) -> None:
        """Tell the open pages of both that what these names stand for has changed.

        `to` names one of them alone for what the other is told nothing of, not even that it was.
        """
        publish([each.person_id for each in (self.together if to is None else to)], *names)

    def was_active(self, day: date, *, by: Partner | None) -> None:
        """Note that something was done on `day`, by one of the two, or by nobody who may be named.

        Days are all that is kept.
        """
        if by:
            by.acted_on(day)
        if self.last_active_on is None or self.last_active_on < day:
            self.last_active_on = day
            self.save(update_fields=["last_active_on"])

    def end(self, *, now: datetime | None = None) -> None:
        """End the account for everyone in it."""
        now = now or database_now()
        with transaction.atomic():
            self.lock()
            self.ended_at = now
            self.save(update_fields=["ended_at"])
            self.partners.filter(ended_at=None).update(ended_at=now)
            self.reminders.drop_standing(now=now)


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners by whether their place still stands."""

    def live(self) -> PartnerQuerySet:
        """Those whose place in their couple has not ended."""
        return self.filter(ended_at=None)

    def with_keys(self) -> PartnerQuerySet:
        """Bring along what their pages and words need, in the same query."""
        return self.select_related("couple__key", "person__key")


class Partner(models.Model):
    """One person's place in one couple."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="partners")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="places")
    seat = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField(auto_now_add=True)
    # The couple's day of the last act that the other can see; never a time, and shown nowhere.
    active_on = models.DateField(null=True)
    # Copied from the couple, because a partial index cannot look into another table.
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[PartnerQuerySet] = PartnerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "seat"], name="partner_seat_once"),
            models.CheckConstraint(
                name="partner_seat_is_one_or_two", condition=models.Q(seat__in=SEATS)
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ended_at=None),
                name="person_in_one_live_couple",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """What the other partner calls them, or a kind word while there is no name."""
        return self.person.name or str(_("your partner"))

    def keep_clock(self, time_zone: str, *, now: datetime) -> None:
        """Keep this person's time zone, and let every promise follow the new clock."""
        with transaction.atomic():
            self.couple.lock()
            self.person.time_zone, self.person.kept_clock = time_zone, None
            self.person.save(update_fields=["time_zone", "kept_clock"])
            for replan in registered("CLOCK_CHANGES"):
                replan(self, now=now)
            # What waits for the end of quiet hours, or for tomorrow, waited by the old clock.
            self.person.reminders.wake(now=now)

    def acted_on(self, day: date) -> None:
        """Note an act that the other can see, on the couple's `day`; the couple is locked.

        What somebody does for themselves alone (drafts, private entries, settings, a withdrawal
        that names nobody) is no such act: the other's page would tell of it.
        """
        if self.active_on is not None and day <= self.active_on:
            return
        if self.silent_on(day):
            self.couple.publish("today")  # the other's page speaks of them again
        earlier = Q(active_on=None) | Q(active_on__lt=day)
        Partner.objects.filter(earlier, pk=self.pk).update(active_on=day)
        self.active_on = day

    def silent_on(self, day: date) -> bool:
        """True when they have done nothing here for 14 of the couple's days before `day`."""
        last = self.active_on or self.couple.today(self.joined_at)
        return day - last >= SILENT_AFTER

    def practises_alone(self, day: date) -> bool:
        """True when the app speaks to them of themselves alone: the other is silent or not here."""
        if self.other:
            return self.other.silent_on(day)
        return day - self.couple.today(self.joined_at) >= SILENT_AFTER

    @cached_property
    def other(self) -> Partner | None:
        """The one across from us, or None while the seat is empty."""
        return next((p for p in self.couple.together if p.pk != self.pk), None)
