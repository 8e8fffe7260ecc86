"""What a repair promises to remind the two of, by where they stand.

Planned anew in the transaction of every act, and asked again before one is sent: a promise that is
no longer in the list is dropped. Nobody is reminded of a repair that they let rest, except of a
time they set themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from couples.days import DAY, clock_in_day
from couples.delivery.models.reminder import Outcome
from couples.models import Couple, Partner, Reminder
from repairs.models.act import RepairAct, break_of
from repairs.terms import DAYS_UNTIL_HOLDS, OPEN, Kind, Stage, State

INVITED = "repair_invited"
BEGINS = "repair_begins"
RETURN = "repair_return"
ON_THE_WAY = "repair_on_the_way"
HOLDS = "repair_holds"
OPEN_LONG = "repair_open"
KINDS = (INVITED, BEGINS, RETURN, ON_THE_WAY, HOLDS, OPEN_LONG)

LONG = 3 * DAY
LATELY = 4 * DAY
"""How long after its day whether it holds is asked at the most."""
MORNING, EVENING = time(10), time(18)
"""By the clock of whoever is reminded; outside the quiet hours everybody begins with."""

ASKS = frozenset({Kind.INVITE, Kind.SMALL, Kind.ASK_AGAIN})
"""What the other is told of as an invitation."""

HOURS = timedelta(hours=6)
"""For how long after a promised time it still helps to be told."""


@dataclass(frozen=True)
class Promise:
    """One reminder to one partner; its occasion is said once, however often it is planned."""

    kind: str
    to: Partner
    occasion: str
    due_at: datetime
    useful_until: datetime

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same promise."""
        return self.kind, self.to.person_id, self.occasion


@dataclass(frozen=True)
class Course:
    """What its reminders follow from: whose repair it is, since when, and every step of it."""

    subject: UUID
    couple: Couple
    shared_on: date | None
    story: Sequence[RepairAct]


def plan(course: Course, state: State, *, now: datetime) -> None:
    """Promise what is wanted now, and drop what is not.

    What was dropped and is wanted again is promised again, but for what has come due meanwhile: it
    would go out at once, to somebody who is here. An invitation that never went out still does.
    """
    wanted = {each.key: each for each in promises(course, state) if each.useful_until > now}
    found = Reminder.objects.standing().filter(subject=course.subject, kind__in=KINDS)
    standing = {key_of(each): each.pk for each in found}
    over = [pk for key, pk in standing.items() if key not in wanted]
    Reminder.objects.filter(pk__in=over).update(settled_at=now, outcome=Outcome.DROPPED)
    for key, promise in wanted.items():
        if promise.due_at < now and promise.kind != INVITED and key not in standing:
            continue
        Reminder.promise(
            person=promise.to.person,
            couple=course.couple,
            kind=promise.kind,
            subject=course.subject,
            occasion=promise.occasion,
            due_at=promise.due_at,
            useful_until=promise.useful_until,
        )


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan the reminders of this partner's repairs anew, after their clock has changed."""
    both = partner.couple.together
    partner.couple.together = [partner if each.pk == partner.pk else each for each in both]
    today = partner.couple.today(now)
    # One that was mended long ago promises nothing any more.
    lately = Q(stage=Stage.MENDED, asks_on__gte=today - LATELY)
    for repair in partner.couple.repairs.filter(Q(stage__in=sorted(OPEN)) | lately):
        repair.couple = partner.couple
        plan(repair.course, repair.state(today), now=now)


def key_of(reminder: Reminder) -> tuple[object, ...]:
    """Return what makes a stored promise the same as a planned one."""
    return reminder.kind, reminder.person_id, reminder.occasion


def promises(course: Course, state: State) -> Iterator[Promise]:
    """Yield what is wanted, whether its time has come or not."""
    for partner in course.couple.together:
        rests = partner.seat in state.resting
        if rests:
            yield from _return(course, partner)
            if state.stage is Stage.INVITED and partner.seat != state.inviter:
                yield from _begins(course, partner)
        elif state.stage is Stage.INVITED or _begins_small(course, state, partner):
            yield from _beginning(course, state, partner)
        elif state.stage is Stage.ON_THE_WAY and partner.seat not in state.answers:
            yield _on_the_way(state, partner)
        elif state.stage is Stage.MENDED and not state.small:
            yield from _holds(state, partner)
        if state.is_open and not rests and course.shared_on:
            yield _at(OPEN_LONG, partner, "once", course.shared_on + LONG, EVENING, days=2)


def _begins_small(course: Course, state: State, partner: Partner) -> bool:
    """True while a small repair waits for the first step of the one who was asked."""
    asked = state.small and partner.seat != state.inviter
    return asked and all(act.author_id != partner.pk for act in course.story)


def _beginning(course: Course, state: State, partner: Partner) -> Iterator[Promise]:
    """The invitation, and once a time is promised, that time to both, whoever asks again."""
    yield from _begins(course, partner)
    last = [act for act in course.story if act.kind in ASKS | {Kind.LATER}][-1]
    asks = last.kind in ASKS and state.inviter not in state.resting
    if asks and partner.seat != state.inviter:
        at, day = last.done_at, last.day.isoformat()
        yield Promise(INVITED, partner, day, at, at + 2 * DAY)


def _begins(course: Course, partner: Partner) -> Iterator[Promise]:
    """The time at which the invited one promised to begin, the last one."""
    later = [act for act in course.story if act.kind == Kind.LATER]
    at = later[-1].promised_at if later else None
    if at:
        yield Promise(BEGINS, partner, str(later[-1].number), at, at + HOURS)


def _return(course: Course, partner: Partner) -> Iterator[Promise]:
    """The time at which somebody said they would be back, to them alone."""
    taken = break_of(course.story, partner)
    if taken and (at := taken.promised_at):
        yield Promise(RETURN, partner, str(taken.number), at, at + HOURS)


def _on_the_way(state: State, partner: Partner) -> Promise:
    """The day after both were last asked, however soon one of them answers again."""
    day = date.fromordinal(state.since) + DAY
    return _at(ON_THE_WAY, partner, day.isoformat(), day, MORNING, days=1)


def _holds(state: State, partner: Partner) -> Iterator[Promise]:
    """Two days later, to each who has not said; once."""
    if partner.seat not in state.answers:
        mended = date.fromordinal(state.mended_on)
        day = mended + DAYS_UNTIL_HOLDS * DAY
        yield _at(HOLDS, partner, mended.isoformat(), day, EVENING, days=3)


def _at(kind: str, to: Partner, occasion: str, day: date, clock: time, *, days: int) -> Promise:
    """Promise it at `clock`, as the one who is told sees it, within the couple's date `day`.

    Somebody far away may have another date then; a reminder by that one could come before the
    couple's page asks, or in the hour in which the other acted.
    """
    begins = to.couple.begins(day)
    due = clock_in_day(day, clock, zone=to.person.time_zone, begins=begins)
    return Promise(kind, to, occasion, due, due + days * DAY)
