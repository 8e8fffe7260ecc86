"""Our time: a weekly meeting that walks along what there is to talk about."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from couples import brakes
from couples.agenda import agenda, source_of
from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.meetings import flow
from rituals.meetings.flow import FORGOTTEN, Act, Kind, State
from rituals.models.weekly import OurTime, plan_for


class MeetingRefused(Exception):
    """Why a tap does not fit, in words for the person who tried; what they wrote is kept."""


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings by whether they are under way."""

    def under_way(self, now: datetime) -> MeetingQuerySet:
        """The one in which something was done within the last day, if it was not ended."""
        return self.filter(ended_on=None, moved_at__gt=now - FORGOTTEN)

    def forgotten(self, now: datetime) -> MeetingQuerySet:
        """Those that nobody ended, and that are over by themselves."""
        return self.filter(ended_on=None, moved_at__lte=now - FORGOTTEN)

    def over(self, now: datetime) -> MeetingQuerySet:
        """Those that were ended, or are over by themselves."""
        return self.filter(Q(ended_on__isnull=False) | Q(moved_at__lte=now - FORGOTTEN))


class Meeting(models.Model):
    """One time that two people took for each other. Who began it or moved on is kept nowhere.

    `at` and `step` are the state of `meeting_flow`. Instants are kept to order meetings and to
    close a forgotten one; only days are shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="meetings")
    began_at = models.DateTimeField()
    began_on = models.DateField()  # the couple's day
    moved_at = models.DateTimeField()
    at = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveIntegerField(default=0)
    ended_on = models.DateField(null=True)
    client_key = models.UUIDField()

    objects: ClassVar[MeetingQuerySet] = MeetingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"], condition=Q(ended_on=None), name="one_open_meeting_a_couple"
            ),
            models.UniqueConstraint(fields=["couple", "client_key"], name="one_meeting_a_tap"),
            models.CheckConstraint(
                name="a_meeting_ends_after_it_began",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
            ),
        ]
        indexes = [models.Index(fields=["couple", "-began_at"], name="meeting_by_time")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def begin(cls, *, by: Partner, client_key: uuid.UUID, now: datetime | None = None) -> Meeting:
        """Begin with what there is to talk about now, and return the meeting.

        While one is under way it is that one; a tap repeated with the same key returns what it
        made. Raises MeetingRefused while the seat across is empty, and beyond the brake.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            mine = by.couple.meetings
            if made := mine.filter(client_key=client_key).first() or mine.under_way(now).first():
                return made
            if not by.couple.paired:
                raise MeetingRefused(_("Your partner is not here yet. This is for two."))
            brakes.hold("meeting", by=by, refused=MeetingRefused, now=now)
            for left in mine.forgotten(now):
                left.close_forgotten(by.couple)
            day = by.couple.today(now)
            meeting = cls.objects.create(
                couple=by.couple, began_at=now, began_on=day, moved_at=now, client_key=client_key
            )
            MeetingItem.objects.bulk_create(
                MeetingItem(
                    couple=by.couple,
                    meeting=meeting,
                    position=position,
                    kind=item.kind,
                    subject=item.subject,
                )
                for position, item in enumerate(agenda(by.couple, day))
            )
            plan_for(by.couple.together, OurTime, now=now)
            by.couple.was_active(day, by=by)
            by.couple.publish("our-time", "us")
        return meeting

    def move(
        self, kind: Kind, *, by: Partner, answers: int = 0, now: datetime | None = None
    ) -> None:
        """Move on, go back, or end it. A move names in `answers` the step it was tapped on.

        A move that comes late changes nothing: the other was there first, and both see where they
        are. Ending twice changes nothing. Raises MeetingRefused for a move once it is over.
        """
        now = now or database_now()
        with transaction.atomic():
            self.hold(by)
            state = self.state(now, items=self.items.count())
            if state.over and kind is Kind.END:
                return
            try:
                after = flow.step(state, Act(kind, answers))
            except flow.Late:
                return
            except flow.Refused as refusal:
                raise MeetingRefused(
                    _("Things have moved on since this page was drawn. This is where you are now.")
                ) from refusal
            day = by.couple.today(now)
            self.at, self.step, self.moved_at = after.at, after.step, now
            self.ended_on = max(day, self.began_on) if after.over else None
            self.save(update_fields=["at", "step", "moved_at", "ended_on"])
            by.couple.was_active(day, by=by)
            by.couple.publish("our-time", *(["us"] if after.over else []))

    def state(self, now: datetime, *, items: int) -> State:
        """Return where the two stand at `now`; `items` says how many there are."""
        over = self.ended_on is not None or self.moved_at <= now - FORGOTTEN
        return State(items=items, at=self.at, step=self.step, over=over)

    def is_fresh(self, couple: Couple, now: datetime) -> bool:
        """True while it is under way, and for the rest of the day on which it ended."""
        if self.moved_at <= now - FORGOTTEN:
            return False
        return self.ended_on is None or self.ended_on == couple.today(now)

    def hold(self, by: Partner) -> None:
        """Lock the couple, and look at this meeting as it is now."""
        by.couple.lock()
        self.refresh_from_db()
        self.couple = by.couple

    def last_day(self, couple: Couple) -> date:
        """Return the couple's day on which it ended, or was last touched."""
        return self.ended_on or max(couple.today(self.moved_at), self.began_on)

    def close_forgotten(self, couple: Couple) -> None:
        """End a meeting that nobody has touched for a day, on the day it was last touched."""
        still = Meeting.objects.filter(pk=self.pk, ended_on=None, moved_at=self.moved_at)
        still.update(ended_on=self.last_day(couple))


class MeetingItem(models.Model):
    """One thing on the agenda of one meeting; its words stay where they belong."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="meeting_items")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32)  # the name of a source in AGENDA
    subject = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "meeting", "position"], name="one_meeting_item_a_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.position}"

    @property
    def label(self) -> str:
        """What sort of thing it is."""
        source = source_of(self.kind)
        return str(source.label) if source else _("Something to talk about")


def sweep(*, now: datetime | None = None) -> None:
    """End the meetings that nobody has touched for a day. What was decided stays."""
    now = now or database_now()
    for left in Meeting.objects.forgotten(now).select_related("couple"):
        left.close_forgotten(left.couple)
