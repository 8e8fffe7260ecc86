"""A topic: one person's draft until it is raised, and from then on something between the two."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner, Third
from couples.vault import SealedField
from rituals.models.mute import Mute
from rituals.models.unanswered import guard_room
from rituals.topics import flow as topic_flow
from rituals.topics.flow import CLOSED, Act, Kind, Stage, State
from rituals.topics.models.act import TopicAct

TOLD_FOR = timedelta(days=3)
"""For how many days, the first included, Today says that both have dealt with a topic."""


class TopicRefused(Exception):
    """Why a step does not fit, in words for the person who tried; what they wrote is kept."""


@dataclass(frozen=True)
class Typed:
    """What stood in the fields of one's draft when it was tapped on.

    `revision` names the words that the page had shown before somebody typed over them.
    """

    about: str
    words: str
    revision: int


class About(models.TextChoices):
    """What sort of topic it is."""

    REQUEST = "request", gettext_lazy("A request")
    PLAN = "plan", gettext_lazy("A plan")
    CONCERN = "concern", gettext_lazy("A concern")


class TopicQuerySet(models.QuerySet["Topic"]):
    """What a couple, or one of the two, has to talk about."""

    def visible_to(self, partner: Partner) -> TopicQuerySet:
        """What has been raised, and one's own drafts. The other's drafts do not exist."""
        return self.filter(~Q(raised_at=None) | Q(author=partner))

    def drafts_of(self, partner: Partner) -> TopicQuerySet:
        """One's own drafts."""
        return self.filter(raised_at=None, author=partner)

    def open(self) -> TopicQuerySet:
        """Raised, and neither dealt with by both nor let go."""
        return self.filter(raised_at__isnull=False, closed_on=None)

    def unheard(self) -> TopicQuerySet:
        """Waiting to be heard. One that its raiser has dealt with asks nobody for anything."""
        return self.filter(_unheard())

    def awaiting(self, partner: Partner, *, today: date) -> TopicQuerySet:
        """What waits for `partner` on the couple's day `today`, without what they have muted.

        What they have not heard yet, are asked leave for, or the other has dealt with; and, for a
        few days, that the other's word has closed it. What was let go unheard was never there.
        """
        unheard = _unheard() & ~Q(author=partner)
        leave = Q(leave_asked_by__isnull=False, raised_on__gt=today - topic_flow.PROMISE)
        leave &= ~Q(leave_asked_by=partner)
        dealt = TopicAct.objects.filter(topic=OuterRef("pk"), kind=Kind.DEALT)
        mine = Exists(dealt.filter(author=partner))
        theirs = Exists(dealt.exclude(author=partner))
        half = Q(theirs, ~Q(mine), stage=Stage.HEARD)
        latest = TopicAct.objects.filter(topic=OuterRef("pk")).order_by("-number")
        ended = Q(stage=Stage.DEALT_WITH, closed_on__gt=today - TOLD_FOR, last_by=partner.other)
        found = self.filter(raised_at__isnull=False, couple=partner.couple)
        found = found.annotate(last_by=Subquery(latest.values("author")[:1]))
        open_ones = Q(closed_on=None) & (unheard | leave | half)
        return found.filter(open_ones | ended).exclude(Mute.by(partner))


def _unheard() -> Q:
    dealt = TopicAct.objects.filter(topic=OuterRef("pk"), kind=Kind.DEALT)
    return Q(~Exists(dealt), stage=Stage.RAISED)


class Topic(models.Model):
    """One thing to talk about, kept between the two.

    `stage`, `leave_asked_by` and `closed_on` are derived from the acts in the transaction that adds
    one. `client_key` names the tap that wrote it down, `revision` the words of a draft as a page
    has shown them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="topics")
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="topics")
    about = models.CharField(max_length=8, choices=About)
    words = SealedField(owner="author.person")
    about_third = models.ForeignKey(Third, null=True, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    raised_at = models.DateTimeField(null=True)
    raised_on = models.DateField(null=True)  # the couple's day
    stage = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in Stage], blank=True, default=""
    )
    leave_asked_by = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField(null=True)

    objects: ClassVar[TopicQuerySet] = TopicQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["couple", "author", "client_key"], name="one_topic_a_tap"
            ),
            models.CheckConstraint(
                name="a_topic_is_a_draft_or_raised",
                condition=Q(raised_at=None, raised_on=None, stage="")
                | (Q(raised_at__isnull=False, raised_on__isnull=False) & ~Q(stage="")),
            ),
            models.CheckConstraint(
                name="a_topic_closes_on_a_day",
                condition=Q(closed_on=None) ^ Q(stage__in=sorted(CLOSED)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "-raised_at"], condition=Q(closed_on=None), name="topic_open"
            ),
            models.Index(fields=["couple", "-closed_on"], name="topic_by_closing"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    # --- A draft, known to one alone -------------------------------------------------------------

    @classmethod
    def draft(
        cls,
        *,
        by: Partner,
        about: str,
        words: str,
        third: Third | None = None,
        client_key: uuid.UUID | None = None,
    ) -> Topic:
        """Keep a private draft, about one of the couple's thirds if `third` says so.

        A tap repeated with the same key returns the topic it made.
        """
        given = {"about": about, "words": words, "about_third": third}
        mine, _made = cls.objects.get_or_create(
            couple=by.couple, author=by, client_key=client_key or uuid.uuid4(), defaults=given
        )
        return mine

    def rewrite(self, *, by: Partner, about: str, words: str, revision: int) -> None:
        """Change one's own draft; `revision` names the words that the page showed.

        The same words again change nothing. Raises TopicRefused once it has been raised, and when
        another device has changed it since; it then holds what stands now.
        """
        with transaction.atomic():
            self._hold(by)
            self._guard_draft(by)
            if (self.about, self.words) != (about, words):
                self._take(Typed(about, words, revision))

    def _take(self, typed: Typed) -> None:
        self._guard_seen(typed.revision)
        self.about, self.words, self.revision = typed.about, typed.words, typed.revision + 1
        self.save(update_fields=["about", "words", "revision"])

    def throw_away(self, *, by: Partner) -> None:
        """Delete one's own draft for good; raises TopicRefused once it has been raised."""
        with transaction.atomic():
            self._hold(by)
            self._guard_draft(by)
            self.delete()

    # --- Between the two -------------------------------------------------------------------------

    @classmethod
    def put(
        cls, *, by: Partner, about: str, words: str, third: Third | None, client_key: uuid.UUID
    ) -> Topic:
        """Raise something at once. A tap repeated with the same key returns what it made.

        Raises TopicRefused as `bring_up` does; then nothing was written down.
        """
        with transaction.atomic():
            made = cls.draft(by=by, about=about, words=words, third=third, client_key=client_key)
            made.bring_up(by=by, client_key=client_key)
        return made

    def bring_up(
        self,
        *,
        by: Partner,
        client_key: uuid.UUID,
        typed: Typed | None = None,
        now: datetime | None = None,
    ) -> None:
        """Raise a draft: the other sees it. A tap repeated with the same key changes nothing.

        What stands in its fields is what is raised, if they were on the page. Raises TopicRefused
        when another device has changed the draft since, while the seat across is empty, while five
        things of `by` are unanswered, or beyond the brake; the draft then stays as it was.
        """
        now = now or database_now()
        with transaction.atomic():
            self._hold(by)
            if self._is_replay(by, client_key):
                return
            self._guard_draft(by)
            if not by.couple.paired:
                raise TopicRefused(_("Your partner is not here yet. Your words wait as a draft."))
            guard_room(by, beside=self.pk, refused=TopicRefused)
            brakes.hold("question", by=by, refused=TopicRefused, now=now)
            if typed:
                self._take(typed)
            self.raised_at, self.raised_on = now, by.couple.today(now)
            self._append(None, Kind.RAISE, by=by, client_key=client_key, now=now)

    def act(
        self,
        kind: Kind,
        *,
        by: Partner,
        client_key: uuid.UUID,
        words: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """Add one step by `by`; a tap repeated with the same key changes nothing.

        Raises TopicRefused when the step does not fit where the two stand now.
        """
        now = now or database_now()
        with transaction.atomic():
            self._hold(by)
            if self._is_replay(by, client_key):
                return
            if kind in {Kind.MAY_I, Kind.YES_DO} and not self.promised_on(by.couple.today(now)):
                raise TopicRefused(_("The promise has ended, so nobody needs to ask."))
            self._append(self.state(), kind, by=by, client_key=client_key, words=words, now=now)

    def state(self) -> State | None:
        """Return where the two stand, read from the acts; None for a draft."""
        return topic_flow.fold((act.as_act() for act in self.story), concern=self.is_concern)

    @cached_property
    def story(self) -> list[TopicAct]:
        """All acts in order, each with its author's seat and key. Words stay sealed until read."""
        acts = list(self.acts.order_by("number"))
        seats = {partner.pk: partner for partner in self.couple.together}
        for act in acts:
            act.author = seats[act.author_id]
        return acts

    @property
    def is_concern(self) -> bool:
        """True for the one sort of topic that comes with a promise."""
        return self.about == About.CONCERN

    @property
    def promise_until(self) -> date | None:
        """The day on which the promise ends by itself, if it comes with one and is raised."""
        if not self.is_concern or self.raised_on is None:
            return None
        return topic_flow.promise_ends(self.raised_on)

    def promised_on(self, day: date) -> bool:
        """True while the promise stands on the couple's day `day`."""
        state, until = self.state(), self.promise_until
        return state is not None and state.promised and until is not None and day < until

    def _append(
        self,
        before: State | None,
        kind: Kind,
        *,
        by: Partner,
        client_key: uuid.UUID,
        now: datetime,
        words: str | None = None,
    ) -> None:
        number = before.count + 1 if before else 1
        try:
            after = topic_flow.step(before, Act(number, by.seat, kind), concern=self.is_concern)
        except topic_flow.Refused as refusal:
            raise TopicRefused(
                _("Things have moved on since this page was drawn. This is where you two are now.")
            ) from refusal
        day = by.couple.today(now)
        self._derive(after, day=day)
        TopicAct.objects.create(
            couple=by.couple,
            topic=self,
            number=number,
            author=by,
            kind=kind,
            words=words or None,
            client_key=client_key,
            done_at=now,
        )
        self.__dict__.pop("story", None)
        by.couple.was_active(day, by=by)
        by.couple.publish("topic", "today", "us")

    def _derive(self, state: State, *, day: date) -> None:
        self.stage = state.stage
        self.leave_asked_by = next(
            (each for each in self.couple.together if each.seat == state.leave_asked_by), None
        )
        self.closed_on = day if state.stage in CLOSED else None
        self.save(update_fields=["raised_at", "raised_on", "stage", "leave_asked_by", "closed_on"])

    def _hold(self, by: Partner) -> None:
        """Lock the couple, and look at this topic as it is now."""
        by.couple.lock()
        try:
            self.refresh_from_db()
        except Topic.DoesNotExist as gone:
            raise TopicRefused(_("This draft is gone.")) from gone
        self.couple = by.couple
        self.author = next(each for each in by.couple.together if each.pk == self.author_id)
        self.__dict__.pop("story", None)

    def _guard_draft(self, by: Partner) -> None:
        if self.raised_at or self.author_id != by.pk:
            raise TopicRefused(_("This has been raised, so its words stay as they are."))

    def _guard_seen(self, revision: int) -> None:
        if self.revision != revision:
            raise TopicRefused(
                _("You have changed this draft elsewhere since. Please read it once more.")
            )

    def _is_replay(self, by: Partner, client_key: uuid.UUID) -> bool:
        return TopicAct.objects.filter(couple=by.couple, author=by, client_key=client_key).exists()


def come_along(old: Partner, new: Partner) -> None:
    """Take one's drafts into a new couple; the third that one is about belongs to the old one."""
    Topic.objects.drafts_of(old).update(couple=new.couple, author=new, about_third=None)
