"""One date of a ritual, and each partner's tap on it."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner
from couples.models.couple import SEATS
from couples.vault import SealedField
from rituals.days.models.approach import Approach
from rituals.days.models.meeting import MeetingWord
from rituals.days.models.reminder_time import plan
from rituals.days.models.ritual import Kind, Ritual
from rituals.days.models.week import CoupleWeek

LATE = timedelta(days=3)
"""How long after its day a mark can still be added or taken back."""

LEADS_TO = {Kind.GREETING: Approach.Kind.ON_MY_WAY, Kind.GOODBYE: Approach.Kind.HEADING_OUT}


class MarkRefused(Exception):
    """Why a mark cannot be made, in words for the person who tapped."""


class How(models.TextChoices):
    """Whether the two were in one place."""

    IN_PERSON = "in_person", gettext_lazy("in person")
    APART = "apart", gettext_lazy("apart")


class Moment(models.Model):
    """One ritual on one of the couple's days; `closed` once both have marked it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="moments")
    ritual = models.ForeignKey(Ritual, on_delete=models.PROTECT, related_name="moments")
    date = models.DateField()
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "ritual", "date"], name="one_moment_a_day"),
        ]
        indexes = [
            models.Index(
                fields=["couple", "date"], condition=models.Q(closed=True), name="moment_connected"
            ),
            models.Index(fields=["couple", "date"], name="moment_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.ritual_id} on {self.date}"


class MarkQuerySet(models.QuerySet["Mark"]):
    """Marks by what has become of them."""

    def standing(self) -> MarkQuerySet:
        """Marks that were not taken back."""
        return self.filter(taken_back_at=None)


class Mark(models.Model):
    """One partner's word that they did it. Each marks for themselves alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="marks")
    moment = models.ForeignKey(Moment, on_delete=models.PROTECT, related_name="marks")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="marks")
    how = models.CharField(max_length=16, choices=How, default=How.IN_PERSON)
    line = SealedField(owner="partner.person", null=True)
    client_key = models.UUIDField()
    marked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "moment", "partner"],
                condition=models.Q(taken_back_at=None),
                name="one_standing_mark_a_partner",
            ),
            models.UniqueConstraint(
                fields=["couple", "partner", "client_key"], name="one_mark_a_tap"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def make(
        cls,
        *,
        by: Partner,
        ritual: Ritual,
        day: date,
        client_key: uuid.UUID,
        how: str = How.IN_PERSON,
        line: str | None = None,
        now: datetime | None = None,
    ) -> Mark:
        """Mark `ritual` on the couple's day `day` for `by`, and return the mark that stands.

        A tap repeated with the same key, or by a second phone of the same person, changes
        nothing. Raises MarkRefused for a day to come, one more than 3 days ago, or one on which
        the ritual is not planned.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            mine = cls.objects.filter(couple=by.couple, partner=by)
            if earlier := mine.filter(client_key=client_key).first():
                return earlier
            _guard(ritual, day, today=by.couple.today(now))
            moment, _made = Moment.objects.get_or_create(couple=by.couple, ritual=ritual, date=day)
            mark = mine.standing().filter(moment=moment).first()
            if mark is None:
                said = _line(line, by=by, moment=moment, now=now)
                given = {"how": how, "line": said, "client_key": client_key, "marked_at": now}
                mark = cls.objects.create(couple=by.couple, moment=moment, partner=by, **given)
            _settle(moment, by=by, now=now)
            # A day just past says nothing about who is on the way now.
            if ritual.kind in LEADS_TO and day == by.couple.today(now):
                Approach.arrive(by.couple, kind=LEADS_TO[Kind(ritual.kind)])
        return mark

    def take_back(self, *, by: Partner, now: datetime | None = None) -> None:
        """Take back one's own mark, up to 3 days after its day.

        Raises MarkRefused when it is older. Taking back twice changes nothing.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if self.moment.date < by.couple.today(now) - LATE:
                raise MarkRefused(_("That day is more than three days ago, so it stays as it is."))
            standing = Mark.objects.standing().filter(pk=self.pk, partner=by)
            if standing.update(taken_back_at=now):
                _settle(self.moment, by=by, now=now)

    def describe(
        self, *, by: Partner, how: str, line: str | None, now: datetime | None = None
    ) -> None:
        """Say whether the two were in one place, and a line of one's own or none.

        Changes one's own standing mark alone, up to 3 days after its day; raises MarkRefused when
        it is older, and for a new line beyond the brake.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if self.moment.date < by.couple.today(now) - LATE:
                raise MarkRefused(_("That day is more than three days ago, so it stays as it is."))
            if Mark.objects.standing().filter(pk=self.pk, partner=by).exists():
                if line and line != self.line and self.moment.ritual.is_shared:
                    _hold_line(by, self.moment, now=now)
                self.how, self.line = how, line or None
                self.save(update_fields=["how", "line"])
                # Of a day past nobody else reads it.
                if self.moment.date == by.couple.today(now) and self.moment.ritual.is_shared:
                    by.couple.publish("today")


def _line(line: str | None, *, by: Partner, moment: Moment, now: datetime) -> str | None:
    """Return the line that comes with a mark, or None beyond the brake: no brake holds up a hi."""
    try:
        if line:
            _hold_line(by, moment, now=now)
    except MarkRefused:
        return None
    return line or None


def _hold_line(by: Partner, moment: Moment, *, now: datetime) -> None:
    """Raise MarkRefused for a line beyond the brake; its day is that of the mark."""
    about, day = moment.pk, moment.date
    brakes.hold("mark_line", by=by, refused=MarkRefused, about=about, day=day, now=now)


def _guard(ritual: Ritual, day: date, *, today: date) -> None:
    if ritual.ended_at is not None:
        raise MarkRefused(_("You two no longer keep this ritual."))
    if day > today:
        raise MarkRefused(_("That day has not begun yet."))
    if day < today - LATE:
        raise MarkRefused(_("That day is more than three days ago, so it stays as it is."))
    if not ritual.planned_on(day):
        raise MarkRefused(_("This ritual is not planned on that day."))


def _settle(moment: Moment, *, by: Partner, now: datetime) -> None:
    """Bring everything that follows from the marks of a moment up to date."""
    today = by.couple.today(now)
    of_today = moment.date == today
    closed = moment.marks.filter(taken_back_at=None).count() == len(SEATS)
    # Asked of the row, not of this instance: it may have been read before the couple was locked.
    turned = Moment.objects.filter(pk=moment.pk).exclude(closed=closed).update(closed=closed)
    if turned:
        CoupleWeek.recount(moment.couple, day=moment.date)
        # A greeting entered for a day just past says nothing about having met since.
        if closed and moment.ritual.is_greeting and of_today:
            MeetingWord.met(by.couple)
    plan(moment.ritual, by, now=now)
    if not moment.ritual.is_shared:  # proposed, and so far one's own practice: nobody is told
        by.couple.publish("today", to=[by])
        return
    by.couple.was_active(moment.date, by=None)
    if of_today or turned:  # half of a day past is one's own, and nothing tells of it
        by.acted_on(today)  # the day of the tap, whichever day it was for
        by.couple.publish("today")
