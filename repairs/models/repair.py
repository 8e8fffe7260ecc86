"""A repair: one person's draft until it is shared, and from then on a list of acts by both."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples.clock import database_now
from couples.delivery.live import publish
from couples.models import Couple, Partner
from couples.vault import SealedField
from repairs import flow
from repairs.flow import Act, Kind, Stage, State


class ActRefused(Exception):
    """Why an act does not fit, in words for the person who tried; what they wrote is kept."""


class Door(models.TextChoices):
    """The two ways in."""

    I_WAS_HURT = "i_was_hurt", gettext_lazy("I was hurt")
    I_HURT_YOU = "i_hurt_you", gettext_lazy("I hurt you")


class RepairQuerySet(models.QuerySet["Repair"]):
    """Repairs by who may know of them and what has become of them."""

    def visible_to(self, partner: Partner) -> RepairQuerySet:
        """What is shared, and one's own drafts. The other's drafts do not exist."""
        return self.filter(~Q(shared_at=None) | Q(author=partner))

    def drafts_of(self, partner: Partner) -> RepairQuerySet:
        """One's own drafts, newest first."""
        return self.filter(shared_at=None, author=partner).order_by("-created_at")

    def open(self) -> RepairQuerySet:
        """Shared and not mended, resting or not."""
        return self.filter(shared_at__isnull=False, mended_on=None)


class Repair(models.Model):
    """One hurt and the way back from it.

    What queries need (`stage`, `resting`, `mended_on`) is derived from the acts and stored in the
    transaction that adds one; the acts alone are the truth.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="repairs")
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="repairs")
    door = models.CharField(max_length=16, choices=Door)
    happened = SealedField(owner="author.person")
    how_much = SealedField(owner="author.person")
    created_at = models.DateTimeField(auto_now_add=True)
    shared_at = models.DateTimeField(null=True)
    shared_on = models.DateField(null=True)  # the couple's day
    stage = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in Stage], blank=True, default=""
    )
    resting = models.BooleanField(default=False)
    mended_on = models.DateField(null=True)

    objects: ClassVar[RepairQuerySet] = RepairQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"],
                condition=Q(shared_at__isnull=False, mended_on=None, resting=False),
                name="one_shared_repair_under_way",
            ),
            models.CheckConstraint(
                name="a_draft_has_no_stage",
                condition=Q(shared_at=None, stage="") | (Q(shared_at__isnull=False) & ~Q(stage="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "shared_on"],
                condition=Q(shared_at__isnull=False, mended_on=None),
                name="repair_open",
            ),
            models.Index(fields=["couple", "-shared_at"], name="repair_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    # --- A draft, on one phone alone -------------------------------------------------------------

    @classmethod
    def draft(cls, *, by: Partner, door: str, happened: str, how_much: int) -> Repair:
        """Keep a private draft of what happened; `how_much` it hurt runs from 1 to 5."""
        return cls.objects.create(
            couple=by.couple, author=by, door=door, happened=happened, how_much=str(how_much)
        )

    def rewrite(self, *, by: Partner, door: str, happened: str, how_much: int) -> None:
        """Change one's own draft; raises ActRefused once it has been shared."""
        with transaction.atomic():
            self._lock()
            if self.shared_at or self.author_id != by.pk:
                raise ActRefused(_("This has been shared, so its words stay as they are."))
            self.door, self.happened, self.how_much = door, happened, str(how_much)
            self.save(update_fields=["door", "happened", "how_much"])

    def throw_away(self, *, by: Partner) -> None:
        """Delete one's own draft for good; raises ActRefused once it has been shared."""
        with transaction.atomic():
            self._lock()
            if self.shared_at or self.author_id != by.pk:
                raise ActRefused(_("This has been shared. You can set it down instead."))
            self.delete()

    # --- Acts ------------------------------------------------------------------------------------

    def invite(self, *, by: Partner, client_key: uuid.UUID, now: datetime | None = None) -> None:
        """Share a draft: the partner sees an invitation and nothing of what happened.

        Raises ActRefused while the seat across is empty or another repair is under way.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            self._lock()
            if self._is_replay(by, client_key):
                return
            if not by.couple.paired:
                raise ActRefused(_("Your partner is not here yet. Your words wait as a draft."))
            if self.author_id != by.pk or self.shared_at:
                raise ActRefused(_("This has already been shared."))
            self._guard_one_under_way()
            self.shared_at, self.shared_on = now, by.couple.today(now)
            self._append(None, by=by, kind=Kind.INVITE, client_key=client_key, now=now)

    def act(
        self,
        *,
        by: Partner,
        kind: Kind,
        client_key: uuid.UUID,
        words: str | None = None,
        promised_at: datetime | None = None,
        now: datetime | None = None,
    ) -> None:
        """Add one act by `by`. A tap repeated with the same key changes nothing.

        `promised_at` is a time the person promises: to begin, or to be back. Raises ActRefused
        when the act does not fit where the two stand now.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            self._lock()
            if self._is_replay(by, client_key):
                return
            if kind is Kind.BACK:
                self._guard_one_under_way()
            self._append(
                self.state(),
                by=by,
                kind=kind,
                client_key=client_key,
                words=words,
                promised_at=promised_at,
                now=now,
            )

    def state(self) -> State:
        """Return where the two stand, read from the acts in one query.

        Raises ActRefused for a draft, which has no acts.
        """
        state = flow.fold(act.as_act() for act in self.story)
        if state is None:
            raise ActRefused(_("This is still a draft."))
        return state

    @cached_property
    def story(self) -> list[RepairAct]:
        """All acts in order, each with its author's seat and key. Words stay sealed until read."""
        acts = list(self.acts.order_by("number"))
        seats = {partner.pk: partner for partner in self.couple.together}
        for act in acts:
            act.author = seats[act.author_id]
        return acts

    def _append(
        self,
        state: State | None,
        *,
        by: Partner,
        kind: Kind,
        client_key: uuid.UUID,
        now: datetime,
        words: str | None = None,
        promised_at: datetime | None = None,
    ) -> None:
        number = 1 if state is None else state.count + 1
        try:
            after = flow.step(state, Act(number=number, side=by.seat, kind=kind))
        except flow.Refused as refusal:
            raise ActRefused(
                _("Things have moved on since this page was drawn. This is where you two are now.")
            ) from refusal
        self._derive(after, day=by.couple.today(now))
        RepairAct.objects.create(
            couple=by.couple,
            repair=self,
            number=number,
            author=by,
            kind=kind,
            words=words or None,
            promised_at=promised_at,
            client_key=client_key,
            done_at=now,
        )
        self.__dict__.pop("story", None)
        by.couple.was_active(by.couple.today(now), by=by)
        publish(by.couple, "repair", "today")

    def _derive(self, state: State, *, day: date) -> None:
        self.stage = state.stage
        self.resting = bool(state.resting)
        self.mended_on = None if state.is_open else day
        # Never the words: they may have been rewritten since this instance was read.
        self.save(update_fields=["shared_at", "shared_on", "stage", "resting", "mended_on"])

    def _is_replay(self, by: Partner, client_key: uuid.UUID) -> bool:
        return RepairAct.objects.filter(couple=by.couple, author=by, client_key=client_key).exists()

    def _guard_one_under_way(self) -> None:
        others = Repair.objects.open().filter(couple=self.couple, resting=False)
        if others.exclude(pk=self.pk).exists():
            raise ActRefused(
                _("You two are in the middle of another repair. One at a time; this one waits.")
            )

    def _lock(self) -> None:
        """Hold this repair's row, and look at it as it is now."""
        fresh = Repair.objects.select_for_update().filter(pk=self.pk).first()
        if fresh is None:
            raise ActRefused(_("This draft is gone: it has just been thrown away."))
        self.shared_at, self.stage = fresh.shared_at, fresh.stage
        self.__dict__.pop("story", None)


def come_along(old: Partner, new: Partner) -> None:
    """Take one's drafts into a new couple; their words stay sealed with the same person's key."""
    Repair.objects.drafts_of(old).update(couple=new.couple, author=new)


class RepairAct(models.Model):
    """One step in a repair. Rows are only ever added; a trigger in the database says so too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="repair_acts")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in Kind])
    words = SealedField(owner="author.person", null=True)
    # A time its author promised to the other: to begin, or to be back.
    promised_at = models.DateTimeField(null=True)
    client_key = models.UUIDField()
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "repair", "number"], name="one_act_a_number"),
            models.UniqueConstraint(
                fields=["couple", "author", "client_key"], name="one_act_a_tap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.repair_id}"

    def as_act(self) -> Act:
        """This row as the pure flow sees it."""
        return Act(number=self.number, side=self.author.seat, kind=Kind(self.kind))
