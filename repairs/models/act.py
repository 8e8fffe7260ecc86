"""One step in a repair, as it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy

from couples import brakes
from couples.models import Couple, Partner
from couples.vault import SealedField
from repairs.terms import FOR_ONESELF, RESTS, Act, Kind, State


class ActRefused(Exception):
    """Why an act does not fit, in words for the person who tried; what they wrote is kept."""


@dataclass(frozen=True)
class Particulars:
    """What can come with a step besides its words.

    `promised_at` is a time the person promises, to begin or to be back; `shows_time` says whether
    the other sees the latter. `aside` takes the repair off one's own Today. `about` is the number
    of the act whose words are taken back, or ABOUT. `at` is the stage that was on the page, for a
    step which many stages know and which means another thing at each.
    """

    next_time: str | None = None
    promised_at: datetime | None = None
    shows_time: bool = False
    aside: bool = False
    about: int | None = None
    at: str = ""


NOTHING_MORE = Particulars()

MOVED_ON = gettext_lazy(
    "Things have moved on since this page was drawn. This is where you two are now."
)
NOT_THE_SAME = gettext_lazy(
    "This arrived once before with other words, and those stand. Please look at what is written"
    " here, and send it again if it is what you mean."
)


BRAKE_OF: Mapping[Kind, tuple[str, bool]] = {
    Kind.INVITE: ("repair", False),
    Kind.SMALL: ("repair", False),
    Kind.ASK_AGAIN: ("repair_again", False),
    Kind.SEND: ("repair_part", False),
    Kind.LATER: ("repair_time", True),
    Kind.BACK: ("repair_return", True),
}
"""The brake of an act, and whether it counts for each repair alone; any other is a step of one."""

UNBRAKED = FOR_ONESELF | {Kind.REST, Kind.UNSAY, Kind.CHANGE, Kind.BRING}


def hold_brake(repair_id: uuid.UUID, kind: Kind, *, by: Partner, now: datetime) -> None:
    """Take a place behind the brake of this kind of act, or raise ActRefused.

    Resting, setting down, taking words back or an answer, and what is one's own alone have none.
    """
    if kind in UNBRAKED:
        return
    channel, each = BRAKE_OF.get(kind, ("repair_step", True))
    about = repair_id if each else ""
    brakes.hold(channel, by=by, refused=ActRefused, about=about, now=now)


class RepairAct(models.Model):
    """One step. Rows are only ever added; a trigger in the database says so too.

    What words it has can be taken back by their author, and fade with the repair: then the words
    are gone, and the row stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    couple = models.ForeignKey(Couple, on_delete=models.PROTECT, related_name="+")
    repair = models.ForeignKey("repairs.Repair", on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="repair_acts")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in Kind])
    words = SealedField(owner="author.person", null=True)
    next_time = SealedField(owner="author.person", null=True)
    promised_at = models.DateTimeField(null=True)
    shows_time = models.BooleanField(default=False)
    aside = models.BooleanField(default=False)
    about = models.PositiveIntegerField(null=True)
    client_key = models.UUIDField()
    done_at = models.DateTimeField()
    # The couple's day at that instant: were it asked for later, a new day zone would move it.
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["couple", "repair", "number"], name="one_act_a_number"),
            models.UniqueConstraint(
                fields=["couple", "author", "client_key"], name="one_act_a_tap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.repair_id}"

    def add(self, more: Particulars) -> None:
        """Take over what comes with this step."""
        self.next_time = more.next_time or None
        self.promised_at, self.shows_time = more.promised_at, more.shows_time
        self.aside, self.about = more.aside, more.about

    def repeats(
        self, repair_id: uuid.UUID, kind: Kind, words: str | None, more: Particulars
    ) -> bool:
        """True when a tap with the same key says the same; words taken back since are not asked."""
        same = (self.repair_id, self.kind, self.about) == (repair_id, kind, more.about)
        gone = self.words is None and self.next_time is None
        said = (self.words or "", self.next_time or "")
        return same and (gone or said == (words or "", more.next_time or ""))

    def is_for_oneself(self, before: State) -> bool:
        """True for what changes nothing that the other can see, while the two stood at `before`."""
        if self.kind == Kind.UNSAY:
            return self.about not in before.revealed
        return self.kind in FOR_ONESELF or self.kind == Kind.ACCOUNT

    def as_act(self) -> Act:
        """This row as the pure flow sees it."""
        return Act(
            number=self.number,
            side=self.author.seat,
            kind=Kind(self.kind),
            day=self.day.toordinal(),
            about=self.about,
        )

    def silence(self) -> None:
        """Delete the words of this step, and nothing else of it; only inside `retention()`."""
        self.words = self.next_time = None
        self.save(update_fields=["words", "next_time"])


def break_of(story: Iterable[RepairAct], who: Partner) -> RepairAct | None:
    """Return the break that one of the two took themselves and has not come back from, if any.

    While both rest until a session, neither is in a break of their own.
    """
    last = [act for act in story if act.author_id == who.pk and act.kind in RESTS][-1:]
    return next((act for act in last if act.kind == Kind.REST), None)
