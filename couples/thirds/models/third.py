"""A third: something or somebody that can come between two people, named so that they can plan."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples import brakes
from couples.clock import database_now
from couples.models.couple import Couple, Partner
from couples.principles.models.agreement import Agreement
from couples.thirds import flow
from couples.thirds.flow import Kind, Stage
from couples.vault import SealedField

MOST = 12
"""Thirds a couple has at a time, proposed ones included: more than two people can plan for."""


class ThirdRefused(Exception):
    """Why something does not fit, in words for the person who tried; what they wrote is kept."""


class Sort(models.TextChoices):
    """What can come between. Its words are the name until the couple has one of its own."""

    WORK = "work", gettext_lazy("Work")
    SCREENS = "screens", gettext_lazy("Screens")
    OBLIGATIONS = "obligations", gettext_lazy("Obligations")
    MONEY = "money", gettext_lazy("Money")
    EX = "ex", gettext_lazy("An ex")
    SUBSTANCE = "substance", gettext_lazy("A substance")
    PARENTS = "parents", gettext_lazy("Parents")
    FRIENDS = "friends", gettext_lazy("Friends")
    OTHER = "other", gettext_lazy("Something else")


PEOPLE = frozenset({Sort.EX, Sort.PARENTS, Sort.FRIENDS})
"""Sorts that are people, whatever anybody says; for every other the one who names it is asked."""


class ThirdQuerySet(models.QuerySet["Third"]):
    """Thirds by how they stand."""

    def in_force(self) -> ThirdQuerySet:
        """Those the two count with: things named by either, people named by both."""
        return self.filter(stage=Stage.IN_FORCE)

    def proposed(self) -> ThirdQuerySet:
        """People whom one has named; nothing more is known of them."""
        return self.filter(stage=Stage.PROPOSED)

    def let_go(self) -> ThirdQuerySet:
        """Those that were in force once and are none any more, for whatever reason."""
        return self.filter(stage=Stage.LET_GO, was_in_force=True)


class Third(models.Model):
    """One third. Its words stay as they were named: another name is another third.

    `stage` is derived from the two names in the transaction that changes them. Once it is let go
    nothing says who named it, who agreed, or who ended it. Of a person on whom the two never agreed
    not even the name is left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="thirds")
    sort = models.CharField(max_length=16, choices=Sort)
    label = SealedField(owner="couple", null=True)
    is_person = models.BooleanField()
    named_by = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Stage])
    since = models.DateField(null=True)  # the couple's day on which it came into force
    closed_on = models.DateField(null=True)  # the couple's day
    was_in_force = models.BooleanField(default=False)  # now or at some time
    principle = models.ForeignKey(
        Agreement, null=True, on_delete=models.PROTECT, related_name="thirds"
    )
    client_key = models.UUIDField()

    objects: ClassVar[ThirdQuerySet] = ThirdQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "client_key"], name="one_third_a_tap"),
            models.CheckConstraint(name="third_sort_is_known", condition=Q(sort__in=Sort.values)),
            models.CheckConstraint(
                name="an_ex_parents_and_friends_are_people",
                condition=~Q(sort__in=sorted(PEOPLE)) | Q(is_person=True),
            ),
            models.CheckConstraint(
                name="a_person_is_a_third_only_when_both_agree",
                condition=~Q(stage=Stage.IN_FORCE, is_person=True)
                | (Q(agreed_by__isnull=False) & ~Q(agreed_by=F("named_by"))),
            ),
            models.CheckConstraint(
                name="a_third_is_proposed_in_force_or_let_go",
                condition=Q(
                    stage=Stage.PROPOSED,
                    was_in_force=False,
                    is_person=True,
                    named_by__isnull=False,
                    agreed_by=None,
                    since=None,
                    closed_on=None,
                )
                | Q(
                    stage=Stage.IN_FORCE,
                    was_in_force=True,
                    named_by__isnull=False,
                    since__isnull=False,
                    closed_on=None,
                )
                | Q(
                    stage=Stage.LET_GO,
                    named_by=None,
                    agreed_by=None,
                    since=None,
                    closed_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="a_third_never_agreed_on_leaves_no_name",
                condition=~Q(stage=Stage.LET_GO, was_in_force=False) | Q(label__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["couple"], condition=Q(closed_on=None), name="third_not_let_go"),
            models.Index(fields=["couple", "-closed_on"], name="third_by_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.pk}"

    @property
    def name(self) -> str:
        """What the two call it."""
        return self.label or str(Sort(self.sort).label)

    @property
    def in_force(self) -> bool:
        """True while the two count with it."""
        return self.stage == Stage.IN_FORCE

    @classmethod
    def put(
        cls,
        *,
        by: Partner,
        sort: str,
        label: str,
        is_person: bool,
        client_key: uuid.UUID,
        now: datetime | None = None,
    ) -> Third:
        """Name a third; a person is proposed until the other agrees. `label` may be empty.

        A tap repeated with the same key returns what it made. Raises ThirdRefused for one that is
        there already, when there are MOST, beyond the brake, and for a name that rests.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if again := by.couple.thirds.filter(client_key=client_key).first():
                return again
            is_person = is_person or sort in PEOPLE
            act = flow.Act(by.seat, Kind.NAME)
            made = cls(
                couple=by.couple,
                sort=sort,
                label=label or None,
                is_person=is_person,
                client_key=client_key,
            )
            made._guard_new()
            about = brakes.fingerprint(made.name, of=by)
            brakes.guard_rest("third_name", by=by, refused=ThirdRefused, about=about, now=now)
            for channel in ("third", "third_person") if is_person else ("third",):
                brakes.hold(channel, by=by, refused=ThirdRefused, now=now)
            made._keep(flow.step(None, act, person=is_person), by=by, now=now)
        return made

    def agree(self, *, by: Partner, now: datetime | None = None) -> None:
        """Say yes to a person whom the other has named. Saying it twice changes nothing.

        Raises ThirdRefused when it was let go, or when there is nothing to agree to.
        """
        now = now or database_now()
        with transaction.atomic():
            self.hold(by)
            before = self.state()
            if self.is_person and before.stage is Stage.IN_FORCE:
                return
            try:
                after = flow.step(before, flow.Act(by.seat, Kind.AGREE), person=self.is_person)
            except flow.Refused as refusal:
                raise moved_on() from refusal
            self._keep(after, by=by, now=now)

    def let_go(self, *, by: Partner, now: datetime | None = None) -> None:
        """Let it go alone, at once: drop it, take it back, or not agree.

        What was said about it goes too; so does the name of a person whom one alone had named. The
        name rests before it can come again, whoever let it go.
        Letting go twice changes nothing.
        """
        now = now or database_now()
        with transaction.atomic():
            self.hold(by)
            before = self.state()
            if before.stage is Stage.LET_GO:
                return
            after = flow.step(before, flow.Act(by.seat, Kind.LET_GO), person=self.is_person)
            about = brakes.fingerprint(self.name, of=by)
            brakes.note("third_name", by=by, about=about, now=now)
            self.moments.all().delete()
            self.weeks.all().delete()
            self._keep(after, by=by, now=now)

    def keep_principle(self, agreement: Agreement | None, *, by: Partner) -> None:
        """Say which principle is about it, or that none is.

        Raises ThirdRefused unless it is in force, and beyond the brake.
        """
        with transaction.atomic():
            self.hold(by)
            self.guard_in_force()
            if self.principle == agreement:
                return
            brakes.hold("third_principle", by=by, refused=ThirdRefused)
            self.principle = agreement
            self.save(update_fields=["principle"])
            by.couple.publish("third", "today", "us")

    def take_up(self, agreement: Agreement, *, by: Partner) -> None:
        """Keep a principle that was proposed about it, unless it has been let go since."""
        with suppress(ThirdRefused):
            self.keep_principle(agreement, by=by)

    def guard_in_force(self) -> None:
        """Raise ThirdRefused unless the two count with it."""
        if not self.in_force:
            raise moved_on()

    # --- Between the pure flow and the row -------------------------------------------------------

    def state(self) -> flow.State:
        """Return how it stands, read from the names."""
        seats = {partner.pk: partner.seat for partner in self.couple.together}
        names = {self.named_by_id, self.agreed_by_id} - {None}
        return flow.State(
            person=self.is_person, names=frozenset(seats[each] for each in names if each)
        )

    def _keep(self, state: flow.State, *, by: Partner, now: datetime) -> None:
        """Write the names, and what follows from them."""
        day = by.couple.today(now)
        if state.stage is Stage.LET_GO:
            self.named_by = self.agreed_by = self.since = None
            self.closed_on = day
            if not self.was_in_force:
                self.label = None
        elif self.named_by_id is None:
            self.named_by = by
        else:
            self.agreed_by = by
        if state.stage is Stage.IN_FORCE:
            self.since, self.was_in_force = day, True
        self.stage = state.stage
        self.save()
        # Letting go is by nobody: whoever comes back to the other's page by this would be named.
        by.couple.was_active(day, by=by if self.named_by_id else None)
        by.couple.publish("third", "today", "us")

    def hold(self, by: Partner) -> None:
        """Lock the couple until the transaction ends, and look at this third as it is now."""
        by.couple.lock()
        now_here = ["stage", "named_by", "agreed_by", "since", "closed_on", "was_in_force"]
        self.refresh_from_db(fields=[*now_here, "principle"])
        self.couple = by.couple

    def _guard_new(self) -> None:
        there = list(self.couple.thirds.exclude(stage=Stage.LET_GO))
        if any(each.name.casefold() == self.name.casefold() for each in there):
            raise ThirdRefused(_("You two have named this one already."))
        if len(there) >= MOST:
            raise ThirdRefused(
                _("Twelve is a lot to plan for. Let one of them go, and this one has room.")
            )


def moved_on() -> ThirdRefused:
    """Return what is said when a third does not stand as the page showed it."""
    return ThirdRefused(
        _("Things have moved on since this page was drawn. This is how it stands now.")
    )
