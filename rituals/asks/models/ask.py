"""An ask: before saying yes to something that touches both, one partner asks the other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from couples import brakes
from couples.clock import database_now
from couples.models import Couple, Partner, Third
from couples.vault import SealedField
from rituals.asks import flow as ask_flow
from rituals.asks.flow import CLOSED, WITH_ASKER, Act, Kind, Stage, State
from rituals.asks.models import reminder as ask_reminder
from rituals.asks.models.act import AskAct
from rituals.models.mute import Mute
from rituals.models.unanswered import guard_room

ALWAYS = frozenset({Kind.FINE, Kind.AGREE, Kind.RATHER_NOT, Kind.LET_GO, Kind.WENT_AHEAD})
"""What no brake holds up, as long as it comes without words."""

FOLDS_AFTER = timedelta(days=30)
"""How long after its end an ask still stands in the list; then it is folded away."""

TOLD_FOR = timedelta(days=3)
"""For how many days, the first included, Today says that the other has ended an ask."""


class AskRefused(Exception):
    """Why a step does not fit, in words for the person who tried; what they wrote is kept."""


@dataclass(frozen=True)
class Question:
    """What somebody asks: `third` is who asks for it, None for ourselves; dates are the couple's.

    `on` is when it would be, `know_by` the day by which the asker needs to know, not after `on`.
    `about` is one of the couple's thirds.
    """

    what: str
    third: str | None = None
    instead_of: str | None = None
    on: date | None = None
    know_by: date | None = None
    about: Third | None = None

    @property
    def answer_by(self) -> date | None:
        """The day before which an answer helps, if any day was named."""
        return self.know_by or self.on


class AskQuerySet(models.QuerySet["Ask"]):
    """Asks by whom they wait for, never by how they ended."""

    def open(self) -> AskQuerySet:
        """Neither agreed nor let go nor done."""
        return self.filter(closed_on=None)

    def closed(self, *, since: date) -> AskQuerySet:
        """Closed on `since` or later."""
        return self.filter(closed_on__gte=since)

    def folded(self, *, since: date) -> AskQuerySet:
        """Closed before `since`."""
        return self.filter(closed_on__lt=since)

    def awaiting(self, partner: Partner, *, today: date) -> AskQuerySet:
        """What waits for `partner` on the couple's day `today`, without what they have muted.

        What the other asks or offers waits until it has a word. Any other answer has been given;
        it waits to be read, once, and whether it goes on is the asker's to say at any time. What
        the other has ended is told likewise, for a few days; how it ended is listed nowhere.
        """
        latest = AskAct.objects.filter(ask=OuterRef("pk")).order_by("-number")
        theirs = Q(stage=Stage.ASKED) & ~Q(author=partner)
        unread = Q(seen__lt=F("latest"))
        mine = Q(author=partner) & (Q(stage=Stage.OFFERED) | Q(stage__in=WITH_ASKER) & unread)
        ended = Q(closed_on__gt=today - TOLD_FOR, last_by=partner.other)
        ended &= unread | ~Q(author=partner)
        found = self.annotate(last_by=Subquery(latest.values("author")[:1]))
        waits = found.filter(theirs | mine | ended, couple=partner.couple)
        return waits.exclude(Mute.by(partner))


class Ask(models.Model):
    """One thing asked, and how far the two have come with it.

    `stage`, `latest` and `closed_on` are derived from the acts in the transaction that adds one.
    How it ended is shown on the page of that ask and nowhere else. `seen` is for the asker's own
    Today: it has no time, nothing the other sees depends on it, and no event tells of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="asks")
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="asks")
    what = SealedField(owner="author.person")
    third = SealedField(owner="author.person", null=True)
    instead_of = SealedField(owner="author.person", null=True)
    on = models.DateField(null=True)
    know_by = models.DateField(null=True)
    about_third = models.ForeignKey(Third, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    stage = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Stage])
    latest = models.PositiveIntegerField(default=0)  # the number of the latest act
    seen = models.PositiveIntegerField(default=0)  # of those, how far the asker has read
    closed_on = models.DateField(null=True)  # the couple's day

    objects: ClassVar[AskQuerySet] = AskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_ask_closes_on_a_day",
                condition=Q(closed_on=None) ^ Q(stage__in=sorted(CLOSED)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["couple", "-asked_at"], condition=Q(closed_on=None), name="ask_open"
            ),
            models.Index(fields=["couple", "-closed_on"], name="ask_by_closing"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def put(
        cls, question: Question, *, by: Partner, client_key: uuid.UUID, now: datetime | None = None
    ) -> Ask:
        """Ask the other, and promise one reminder before the date if there is one.

        A tap repeated with the same key returns the ask it made. Raises AskRefused while the seat
        across is empty, while five things of `by` are unanswered, beyond the brake, and for the
        same words a few days after "I would rather not".
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            made = AskAct.objects.select_related("ask").filter(
                couple=by.couple, author=by, client_key=client_key
            )
            if again := made.first():
                return again.ask
            if not by.couple.paired:
                raise AskRefused(_("Your partner is not here yet. Your words wait with you."))
            about = brakes.fingerprint(question.what, of=by)
            brakes.guard_rest("ask_again", by=by, refused=AskRefused, about=about, now=now)
            brakes.hold("question", by=by, refused=AskRefused, now=now)
            ask = cls.objects.create(
                couple=by.couple,
                author=by,
                what=question.what,
                third=question.third,
                instead_of=question.instead_of,
                on=question.on,
                know_by=question.know_by,
                about_third=question.about,
                asked_at=now,
                stage=Stage.ASKED,
            )
            ask._append(Kind.ASK, by=by, client_key=client_key, now=now)
        return ask

    def act(
        self,
        kind: Kind,
        *,
        by: Partner,
        client_key: uuid.UUID,
        answers: int = 0,
        words: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """Add one step by `by`; a tap repeated with the same key changes nothing.

        `answers` is the number of the latest act they saw; an ending needs none. Raises AskRefused
        when the step does not fit where the two stand now, would lay a sixth thing before the
        other, or is a further offer beyond the brake. A yes, a no and an ending always go.
        """
        now = now or database_now()
        with transaction.atomic():
            by.couple.lock()
            if AskAct.objects.filter(couple=by.couple, author=by, client_key=client_key).exists():
                return
            self.refresh_from_db(fields=["stage", "closed_on", "seen"])
            self.__dict__.pop("story", None)
            self._append(kind, by=by, client_key=client_key, answers=answers, words=words, now=now)

    def read(self, *, by: Partner) -> None:
        """Note that the asker has had the latest answer before them; nobody else can tell."""
        if by.pk == self.author_id and self.seen < self.latest:
            Ask.objects.filter(pk=self.pk, seen__lt=self.latest).update(seen=self.latest)

    def mute(self, *, by: Partner, now: datetime | None = None) -> None:
        """Ask nothing more of `by` about this; the other cannot tell."""
        now = now or database_now()
        with transaction.atomic():
            Mute.keep(self.pk, by=by, now=now)
            self.plan_reminder(now=now)

    def unmute(self, *, by: Partner, now: datetime | None = None) -> None:
        """Let `by` hear of this again."""
        now = now or database_now()
        with transaction.atomic():
            Mute.end(self.pk, by=by)
            self.plan_reminder(now=now)

    def plan_reminder(self, *, now: datetime, moved: bool = False) -> None:
        """Promise the one who was asked their reminder, or drop it; `moved` with their clock."""
        asked = next((each for each in self.couple.together if each.pk != self.author_id), None)
        day = self.question.answer_by if self.stage == Stage.ASKED else None
        ask_reminder.plan(self.pk, asked=asked, day=day, now=now, moved=moved)

    def state(self) -> State | None:
        """Return where the two stand, read from the acts."""
        return ask_flow.fold(act.as_act() for act in self.story)

    @cached_property
    def story(self) -> list[AskAct]:
        """All acts in order, each with its author's seat and key. Words stay sealed until read."""
        acts = list(self.acts.order_by("number"))
        seats = {partner.pk: partner for partner in self.couple.together}
        for act in acts:
            act.author = seats[act.author_id]
        return acts

    @property
    def question(self) -> Question:
        """What was asked."""
        return Question(self.what, self.third, self.instead_of, self.on, self.know_by)

    @property
    def is_open(self) -> bool:
        """True until it is agreed, let go, or done."""
        return self.closed_on is None

    @property
    def is_as_asked(self) -> bool:
        """True while nothing has been said since: what was asked is all there is to answer."""
        return self.latest == 1

    def _append(
        self,
        kind: Kind,
        *,
        by: Partner,
        client_key: uuid.UUID,
        now: datetime,
        answers: int = 0,
        words: str | None = None,
    ) -> None:
        self.couple = by.couple
        before = self.state()
        number = before.count + 1 if before else 1
        try:
            after = ask_flow.step(before, Act(number, by.seat, kind, answers))
        except ask_flow.Refused as refusal:
            raise AskRefused(
                _("Things have moved on since this page was drawn. This is where you two are now.")
            ) from refusal
        if after.stage is Stage.ASKED:
            guard_room(by, beside=self.pk, refused=AskRefused)
        self._hold_brakes(kind, by=by, words=words, now=now)
        AskAct.objects.create(
            couple=by.couple,
            ask=self,
            number=number,
            author=by,
            kind=kind,
            answers=answers,
            words=words or None,
            client_key=client_key,
            done_at=now,
        )
        self.__dict__.pop("story", None)
        day = by.couple.today(now)
        self._derive(after, by=by, day=day)
        self.plan_reminder(now=now)
        by.couple.was_active(day, by=by)
        by.couple.publish("ask", "today", "us")

    def _hold_brakes(self, kind: Kind, *, by: Partner, words: str | None, now: datetime) -> None:
        """Take a place for a further offer, and let what was answered "rather not" rest."""
        if kind is not Kind.ASK and (words or kind not in ALWAYS):
            brakes.hold("ask_words", by=by, refused=AskRefused, about=self.pk, now=now)
        if kind is Kind.RATHER_NOT and (what := self._what()):
            about = brakes.fingerprint(what, of=by)
            brakes.note("ask_again", by=self._asker(), about=about, now=now)

    def _asker(self) -> Partner:
        return next(each for each in self.couple.together if each.pk == self.author_id)

    def _what(self) -> str | None:
        self.author = self._asker()  # brings the key
        what: str | None = self.what
        return what

    def _derive(self, state: State, *, by: Partner, day: date) -> None:
        self.stage, self.latest = state.stage, state.count
        self.closed_on = None if state.is_open else day
        if by.pk == self.author_id:
            self.seen = state.count
        self.save(update_fields=["stage", "latest", "closed_on", "seen"])
