"""The weekly pulse: three answers of one partner's about one week, theirs alone until both share.

Answering, changing, sharing and taking back tell nobody, and leave no trace that the other could
read: nothing is published and no day of activity is noted until both have shared the week. Then
the two sets of answers open together, on both phones at once, and stand as they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from couples.clock import database_now
from couples.days import week_of
from couples.models import Couple, Partner
from couples.vault import SealedField
from rituals.models.weekly import PulseWeek, plan_for

STATEMENTS = 3
HIGHEST = 6
"""Each statement is answered from 0, not at all, to 6, completely."""

Answers = tuple[int, int, int]


class PulseRefused(Exception):
    """Why a tap does not fit, in words for the person who tried; what they chose is kept."""


class PulseQuerySet(models.QuerySet["Pulse"]):
    """Pulses by who may know of them."""

    def visible_to(self, partner: Partner) -> PulseQuerySet:
        """One's own, and the other's of those weeks that both have shared."""
        mine = Pulse.objects.filter(
            couple=partner.couple, partner=partner, week=OuterRef("week"), shared_on__isnull=False
        )
        opened = Q(shared_on__isnull=False) & Exists(mine)
        return self.filter(Q(partner=partner) | opened, couple=partner.couple)


class Pulse(models.Model):
    """One partner's three answers about one week of the couple's, from Monday on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="pulses")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="pulses")
    week = models.DateField()
    answers = SealedField(owner="partner.person")  # three numbers with blanks between
    revision = models.PositiveIntegerField(default=1)  # what a tap to share has seen
    shared_on = models.DateField(null=True)  # the couple's day

    objects: ClassVar[PulseQuerySet] = PulseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "week", "partner"], name="one_pulse_a_week"),
            models.CheckConstraint(
                name="a_pulse_week_begins_on_monday", condition=Q(week__iso_week_day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.pk}"

    @classmethod
    def answer(
        cls, answers: Sequence[int], *, by: Partner, week: date, now: datetime | None = None
    ) -> Pulse:
        """Keep three answers, each 0 to 6, about the week that began on Monday `week`.

        Until that week is over they can be changed; the last ones stand. Raises PulseRefused when
        `week` is not the couple's present week, or once both have shared it.
        """
        kept = _checked(answers)
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if week != week_of(by.couple.today(now)):
                raise PulseRefused(
                    _("A new week has begun since this page was drawn. Does this fit it too?")
                )
            mine, made = cls.objects.get_or_create(
                couple=by.couple, partner=by, week=week, defaults={"answers": kept}
            )
            mine.partner = by  # brings the key
            if not made and mine.answers != kept:
                mine._guard_open()
                mine.answers, mine.revision = kept, mine.revision + 1
                mine.save(update_fields=["answers", "revision"])
            if made:
                plan_for([by], PulseWeek, now=now)
        return mine

    def share(self, *, by: Partner, revision: int, now: datetime | None = None) -> bool:
        """Share one's own answers of this week; return True once both have.

        `revision` names the answers the page showed. Raises PulseRefused when they have changed
        since, or while the seat across is empty. Shared again it changes nothing.
        """
        now = now or database_now()
        with transaction.atomic():
            self._hold(by)
            if by.other is None:
                raise PulseRefused(_("Your partner is not here yet. Your answers stay yours."))
            if self.revision != revision:
                raise PulseRefused(_("Your answers have changed since. Please look once more."))
            if self.shared_on is None:
                day = by.couple.today(now)
                self.shared_on = day
                self.save(update_fields=["shared_on"])
                if self.is_open():
                    # From here on both know of it; before, the day itself would tell.
                    by.couple.was_active(day, by=by)
                    by.couple.publish("felt")
            return self.is_open()

    def take_back(self, *, by: Partner) -> None:
        """Keep it to oneself again; raises PulseRefused once both have shared the week."""
        with transaction.atomic():
            self._hold(by)
            self._guard_open()
            if self.shared_on is not None:
                self.shared_on = None
                self.save(update_fields=["shared_on"])

    def is_open(self) -> bool:
        """True once both have shared this week. Costs one query while this one is shared."""
        if self.shared_on is None:
            return False
        shared = Pulse.objects.filter(couple=self.couple_id, week=self.week)
        return shared.exclude(partner=self.partner_id).filter(shared_on__isnull=False).exists()

    @property
    def values(self) -> Answers | None:
        """The three answers in the order of the statements; None once their key is gone."""
        if self.answers is None:
            return None
        first, second, third = (int(each) for each in self.answers.split())
        return first, second, third

    def _hold(self, by: Partner) -> None:
        """Lock the couple, and look at one's own answers as they are now."""
        by.couple.lock()
        self.refresh_from_db(fields=["answers", "revision", "shared_on"])
        self.partner = by

    def _guard_open(self) -> None:
        if self.is_open():
            raise PulseRefused(
                _("You have both shared this week, so it stands as you two have seen it.")
            )


def _checked(answers: Sequence[int]) -> str:
    """Return answers as they are sealed; raises ValueError for anything but three of 0 to 6."""
    if len(answers) != STATEMENTS or not all(0 <= each <= HIGHEST for each in answers):
        raise ValueError("a pulse is three numbers from 0 to 6")
    return " ".join(str(each) for each in answers)
