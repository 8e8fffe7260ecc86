"""A repair: one person's draft until it is shared, and from then on a list of acts by both."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from couples.append_only import retention
from couples.clock import database_now
from couples.models import Partner, Third
from repairs import flow
from repairs.derived import COLUMNS, derived
from repairs.models import promises
from repairs.models.act import (
    MOVED_ON,
    NOT_THE_SAME,
    NOTHING_MORE,
    ActRefused,
    Particulars,
    RepairAct,
    hold_brake,
)
from repairs.models.among import OPEN_STAGES, RepairQuerySet
from repairs.models.opening import Door, Opening, Written
from repairs.terms import FIRST, OPEN, SIDES, Kind, Refused, Stage, State


class Repair(Opening):
    """One hurt and the way back from it.

    What queries need is derived from the acts and stored in the transaction that adds one; the
    acts alone are the truth. Only `resting` can be more than they say: what nobody has touched for
    thirty days rests by itself (`repairs/models/fading.py`).
    """

    stage = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in Stage], blank=True, default=""
    )
    resting = models.BooleanField(default=False)
    touched_at = models.DateTimeField(null=True)  # the last act
    small = models.BooleanField(default=False)
    asks_on = models.DateField(null=True)  # from when its stage asks, where that is not at once
    mended_on = models.DateField(null=True)
    held_on = models.DateField(null=True)
    fades_on = models.DateField(null=True)  # unless both keep the words
    faded_on = models.DateField(null=True)
    kept = models.BooleanField(default=False)  # both want the words to stay
    # By seat: the next step is (also) theirs; they have put it off their own Today.
    turn_of_1 = models.BooleanField(default=False)
    turn_of_2 = models.BooleanField(default=False)
    aside_for_1 = models.BooleanField(default=False)
    aside_for_2 = models.BooleanField(default=False)

    objects: ClassVar[RepairQuerySet[Repair]] = RepairQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple"],
                condition=Q(stage__in=OPEN_STAGES, resting=False),
                name="one_repair_under_way",
            ),
            models.UniqueConstraint(
                fields=["couple", "author", "client_key"], name="one_repair_a_tap"
            ),
            models.CheckConstraint(
                name="a_draft_has_no_stage",
                condition=Q(shared_at=None, stage="") | (Q(shared_at__isnull=False) & ~Q(stage="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "shared_on"],
                condition=Q(stage__in=OPEN_STAGES),
                name="repair_open",
            ),
            models.Index(fields=["couple", "-shared_at"], name="repair_by_time"),
            models.Index(
                fields=["touched_at"],
                condition=Q(stage__in=OPEN_STAGES, resting=False),
                name="repair_untouched",
            ),
            models.Index(
                fields=["fades_on"], condition=Q(faded_on=None, kept=False), name="repair_fading"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """True from the invitation until it is mended."""
        return self.stage in OPEN

    @property
    def is_sent(self) -> bool:
        """True for a part sent alone, which asks for nothing."""
        return self.stage == Stage.SENT

    @property
    def is_read(self) -> bool:
        """True once the other can read what the author wrote before the first answer."""
        if not self.shared_at:
            return False
        state = self.state()
        return not state.has_account or state.opening in state.revealed

    # --- How it begins ---------------------------------------------------------------------------

    @classmethod
    def draft(
        cls,
        *,
        by: Partner,
        door: str,
        happened: str,
        how_much: int | None = None,
        third: Third | None = None,
        client_key: uuid.UUID | None = None,
    ) -> Repair:
        """Keep a private draft of what happened; `how_much` it hurt runs from 1 to 5.

        One tap, known by its key, keeps one draft however often it is sent; sent with other words
        it rewrites that draft, and raises ActRefused as `rewrite` does.
        """
        written = Written(door, happened, str(how_much) if how_much else None, third)
        kept, made = cls._kept(written, by=by, client_key=client_key or uuid.uuid4())
        if not made:
            kept._rewrite(written, by=by)
        return kept

    def rewrite(
        self,
        *,
        by: Partner,
        door: str,
        happened: str,
        how_much: int | None = None,
        third: Third | None = None,
    ) -> None:
        """Change one's own words until the other can read them; raises ActRefused from then on."""
        self._rewrite(Written(door, happened, str(how_much) if how_much else None, third), by=by)

    def _rewrite(self, written: Written, *, by: Partner) -> None:
        with transaction.atomic():
            self.lock()
            if written.repeats(self):
                return
            if self.author_id != by.pk or self.is_read:
                raise ActRefused(_("Both of you can read this now, so its words stay as they are."))
            for name, value in vars(written).items():
                setattr(self, name, value)
            self.save(update_fields=list(vars(written)))

    def throw_away(self, *, by: Partner) -> None:
        """Delete one's own draft for good; raises ActRefused once it has been shared."""
        with transaction.atomic():
            self.lock()
            if self.shared_at or self.author_id != by.pk:
                raise ActRefused(_("This has been shared. You can set it down instead."))
            self.delete()

    def invite(self, *, by: Partner, client_key: uuid.UUID, now: datetime | None = None) -> None:
        """Share a draft: the partner sees an invitation and nothing of what happened.

        Raises ActRefused while the seat across is empty or another repair is under way.
        """
        self.act(by=by, kind=Kind.INVITE, client_key=client_key, now=now)

    @classmethod
    def begin(
        cls,
        kind: Kind,
        part: str,
        *,
        by: Partner,
        client_key: uuid.UUID,
        about: str = "",
        next_time: str = "",
        now: datetime | None = None,
    ) -> Repair:
        """Begin with one's own part: a SMALL repair, or a part that is SENT alone and asks nothing.

        In a small one the part stays hidden until the other's is there, and `about` is a line that
        both read from the start. Raises ActRefused as `invite` does, and then keeps nothing.
        """
        with transaction.atomic():
            by.couple.lock()
            written = Written(Door.I_HURT_YOU, about or None)
            kept, made = cls._kept(written, by=by, client_key=client_key)
            if not made and not written.repeats(kept):
                raise ActRefused(NOT_THE_SAME)
            more = Particulars(next_time=next_time)
            kept.act(by=by, kind=kind, client_key=client_key, words=part, more=more, now=now)
        return kept

    @classmethod
    def _kept(cls, written: Written, *, by: Partner, client_key: uuid.UUID) -> tuple[Repair, bool]:
        tap = {"couple": by.couple, "author": by, "client_key": client_key}
        kept, made = cls.objects.get_or_create(**tap, defaults=vars(written))
        kept.couple, kept.author = by.couple, by
        return kept, made

    # --- Acts ------------------------------------------------------------------------------------

    def act(
        self,
        *,
        by: Partner,
        kind: Kind,
        client_key: uuid.UUID,
        words: str | None = None,
        more: Particulars = NOTHING_MORE,
        now: datetime | None = None,
    ) -> None:
        """Add one act by `by`. A tap repeated with the same key changes nothing.

        Raises ActRefused when the act does not fit where the two stand now, while the seat across
        is empty, while another repair is under way, beyond the brake, or when the same key brings
        something else.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            self.lock()
            tap = {"couple": by.couple, "author": by, "client_key": client_key}
            if done := RepairAct.objects.filter(**tap).first():
                done.author = by
                if not done.repeats(self.pk, kind, words, more):
                    raise ActRefused(NOT_THE_SAME)
                return
            state = self._stand(kind, by=by, now=now)
            number = 1 if state is None else state.count + 1
            row = RepairAct(repair=self, number=number, kind=kind, words=words or None, **tap)
            row.add(more)
            row.done_at, row.day = now, by.couple.today(now)
            hold_brake(self.pk, kind, by=by, now=now)
            self._append(row, to=state, at=more.at)

    def _append(self, row: RepairAct, *, to: State | None, at: str) -> None:
        """Add a row where the two stand at `to`; the couple and this repair are locked.

        Raises ActRefused when it does not fit, or was meant for another stage, `at`.
        """
        if at and to and to.stage != at:
            raise ActRefused(MOVED_ON)
        try:
            after = flow.step(to, row.as_act())
        except Refused as refusal:
            raise ActRefused(MOVED_ON) from refusal
        # Words can be taken back from what rests by itself: that wakes it no more than reading.
        asleep = self.resting and row.kind == Kind.UNSAY
        wakes = after.is_open and not after.resting and not asleep
        if wakes and not (self.is_open and not self.resting):
            self._guard_one_under_way()
        rested = self.resting
        self._derive(after, row, asleep=asleep)
        row.save(force_insert=True)
        if row.about is not None:
            self._unsay(row.about, opens=after.opening)
        self.forget_story()
        promises.plan(self.course, after, now=row.done_at)
        by, woken = row.author, rested and not self.resting
        if to and after.stage is to.stage and not woken and row.is_for_oneself(to):
            by.couple.publish("repair", "today", to=[by])
        else:
            by.couple.was_active(row.day, by=by)
            by.couple.publish("repair", "today")

    def _derive(self, after: State, row: RepairAct, *, asleep: bool) -> None:
        """Store what queries need."""
        found = derived(after, day=row.day, held_on=self.held_on, asleep=asleep)
        if not asleep:
            found["touched_at"] = row.done_at
        for side in SIDES:
            put_off = row.aside and side == row.author.seat
            was = getattr(self, f"aside_for_{side}") or put_off
            found[f"aside_for_{side}"] = was and side in after.resting
        for name, value in found.items():
            setattr(self, name, value)
        # Never the words: they may have been rewritten since this instance was read.
        self.save(update_fields=COLUMNS)

    def _unsay(self, number: int, *, opens: int) -> None:
        """Delete words that their author takes back; nobody reads them again."""
        with retention():
            for said in self.acts.filter(number=number):
                said.silence()
        if number == opens:
            self.silence()

    def _guard_one_under_way(self) -> None:
        others = Repair.objects.under_way().filter(couple=self.couple)
        if others.exclude(pk=self.pk).exists():
            raise ActRefused(
                _("You two are in the middle of another repair. One at a time; this one waits.")
            )

    def _stand(self, kind: Kind, *, by: Partner, now: datetime) -> State | None:
        """Return where the two stand before an act of this kind; the couple is locked.

        Raises ActRefused for a first act on what is shared already or has nobody to go to.
        """
        if kind not in FIRST:
            return self.state()
        if not by.couple.paired:
            raise ActRefused(_("Your partner is not here yet. Your words wait as a draft."))
        if self.author_id != by.pk or self.shared_at:
            raise ActRefused(_("This has already been shared."))
        self.shared_at, self.shared_on = now, by.couple.today(now)
        return None

    def state(self, day: date | None = None) -> State:
        """Return where the two stand, on the couple's `day`, read from the acts in one query.

        Raises ActRefused for a draft, which has no acts.
        """
        state = flow.fold(act.as_act() for act in self.story)
        if state is None:
            raise ActRefused(_("This is still a draft."))
        return flow.on(state, day.toordinal()) if day else state

    @cached_property
    def story(self) -> list[RepairAct]:
        """All acts in order, each with its author's seat and key. Words stay sealed until read."""
        acts = list(self.acts.order_by("number"))
        seats = {partner.pk: partner for partner in self.couple.together}
        for act in acts:
            act.author = seats[act.author_id]
        return acts

    def lock(self) -> None:
        """Hold this repair's row, and look at it as it is now."""
        fresh = Repair.objects.select_for_update(of=("self",)).filter(pk=self.pk).first()
        if fresh is None:
            raise ActRefused(_("This draft is gone: it has just been thrown away."))
        for name in (*COLUMNS, "faded_on"):
            setattr(self, name, getattr(fresh, name))
        self.forget_story()

    @property
    def course(self) -> promises.Course:
        """What its reminders follow from."""
        return promises.Course(self.pk, self.couple, self.shared_on, self.story)

    def forget_story(self) -> None:
        """Have the acts read anew when they are next asked for."""
        self.__dict__.pop("story", None)

    def silence(self) -> None:
        """Delete what happened and how much it hurt, and nothing else."""
        self.happened = self.how_much = None
        self.save(update_fields=["happened", "how_much"])


def come_along(old: Partner, new: Partner) -> None:
    """Take one's drafts into a new couple; their words stay sealed with the same person's key.

    What stood between the two of an earlier couple stays with it.
    """
    Repair.objects.drafts_of(old).update(couple=new.couple, author=new, third=None)
