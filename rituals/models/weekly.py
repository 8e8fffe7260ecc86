"""The reminders that come once a week, for those who chose them: our time, and the weekly pulse.

Only the next one is stored. Its occasion is a week of the couple's, so that there is one a week at
the most, whatever days, hours and zones become meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import ClassVar

from couples.days import DAY, instant, week_of
from couples.delivery.models.chosen import who_chose
from couples.delivery.models.reminder import Outcome, ReminderQuerySet
from couples.models import Couple, Partner, Reminder
from couples.zones import clock_of
from rituals.days.models.ritual import Kind, Ritual

WEEK, SUNDAY = 7 * DAY, 6 * DAY
USEFUL = timedelta(hours=4)
"""What is left of the day at the least when it comes, to find an hour for it."""

LOOK_AHEAD = 100
"""Weeks searched for the next one: rests reach a year and a half ahead at the most."""


@dataclass
class Weekly:
    """One kind of reminder to one partner, once in a week of the couple's."""

    partner: Partner
    kind: ClassVar[str]
    at: ClassVar[time]
    """By the clock of whoever is reminded; outside the quiet hours everybody begins with."""

    def day_in(self, week: date) -> date:
        """Return the couple's day of the week that begins on Monday `week` on which it comes."""
        return week + SUNDAY

    def done(self, *, since: date) -> set[date]:
        """Return the weeks, from `since` on, in which there is nothing to be reminded of."""
        raise NotImplementedError

    def plan(self, *, now: datetime) -> None:
        """Make the next wanted week the only standing promise; drop any other.

        For those who chose it; the couple is locked.
        """
        standing = self._promises.standing()
        week = self._next_week(now=now)
        if week is None:
            standing.drop_standing(now=now)
            return
        standing.exclude(occasion=week.isoformat()).drop_standing(now=now)
        day = self.day_in(week)
        Reminder.promise(
            person=self.partner.person,
            couple=self.partner.couple,
            kind=self.kind,
            subject=self.partner.couple_id,
            occasion=week.isoformat(),
            due_at=self.due_on(day),
            useful_until=self.end_of(day),
        )

    def due_on(self, day: date) -> datetime:
        """Return the last time their clock shows `at` while the couple's `day` has hours left.

        Between far zones that can be shortly before the day begins.
        """
        zone, ends = self.partner.person.time_zone, self.end_of(day)
        last = ends.astimezone(clock_of(zone)).date()
        times = (instant(last - n * DAY, self.at, zone=zone) for n in range(4))
        return next(due for due in times if due + USEFUL <= ends)

    def end_of(self, day: date) -> datetime:
        """Return the instant at which the couple's `day` is over, and the reminder useless."""
        couple = self.partner.couple
        return instant(day + DAY, couple.day_start, zone=couple.day_zone)

    def open_in(self, week: date, *, now: datetime) -> bool:
        """True when it is due this week, not done yet, and the two do not rest on its day."""
        day = self.day_in(week)
        rests = self.partner.couple.rests.standing()
        resting = rests.filter(first_day__lte=day, last_day__gte=day)
        due = self.due_on(day) <= now < self.end_of(day)
        return due and week not in self.done(since=week) and not resting.exists()

    @property
    def _promises(self) -> ReminderQuerySet:
        return Reminder.objects.filter(
            person=self.partner.person_id, kind=self.kind, subject=self.partner.couple_id
        )

    def _next_week(self, *, now: datetime) -> date | None:
        """Return the next week in which a reminder is still to go out, if any."""
        couple = self.partner.couple
        first = week_of(couple.today(now))
        rests = list(couple.rests.standing().filter(last_day__gte=first))
        known = self._promises.filter(occasion__gte=first.isoformat())
        spent = known.exclude(settled_at=None).exclude(outcome=Outcome.DROPPED)
        over = {date.fromisoformat(each) for each in spent.values_list("occasion", flat=True)}
        over |= self.done(since=first)
        # Not out yet, because quiet hours or a mail server take their time, or because their clock
        # was put past the hour: it still helps until its day is over.
        standing = known.standing().values_list("occasion", flat=True)
        pending = {date.fromisoformat(each) for each in standing}
        for week in (first + n * WEEK for n in range(LOOK_AHEAD)):
            day = self.day_in(week)
            if week in over or any(day in rest for rest in rests):
                continue
            if self.due_on(day) > now or (week in pending and self.end_of(day) > now):
                return week
        return None


class OurTime(Weekly):
    """Our time: on the first day of the couple's own weekly time, or on Sunday without one."""

    kind = "our_time"
    at = time(18)

    def day_in(self, week: date) -> date:
        """Return the first day on which their weekly ritual is planned, if they keep one."""
        days = (week + n * DAY for n in range(7))
        ours = self._ritual
        return next((day for day in days if ours and ours.planned_on(day)), week + SUNDAY)

    def done(self, *, since: date) -> set[date]:
        """Return the weeks in which the two have sat down together already."""
        had = self.partner.couple.meetings.filter(began_on__gte=since)
        return {week_of(day) for day in had.values_list("began_on", flat=True)}

    @cached_property
    def _ritual(self) -> Ritual | None:
        return self.partner.couple.rituals.live().filter(kind=Kind.WEEKLY).first()


class PulseWeek(Weekly):
    """The weekly pulse: on Sunday, while the week can be answered; it knows of one's own alone."""

    kind = "pulse"
    at = time(11)

    def done(self, *, since: date) -> set[date]:
        """Return the weeks that this partner has answered."""
        return set(self.partner.pulses.filter(week__gte=since).values_list("week", flat=True))


def plan_for(partners: Iterable[Partner], of: type[Weekly], *, now: datetime) -> None:
    """Plan the next one for those of `partners` who chose it; their couple is locked."""
    for partner in who_chose(of.kind, partners):
        of(partner).plan(now=now)


def begin(couple: Couple, *, now: datetime) -> None:
    """Plan both kinds for each of two who have just become a couple and had chosen them before."""
    for partner in Partner.objects.live().with_keys().filter(couple=couple):
        replan(partner, now=now)


def replan(partner: Partner, *, now: datetime) -> None:
    """Plan both kinds anew for one partner, after a clock or a rest has changed."""
    for of in (OurTime, PulseWeek):
        plan_for([partner], of, now=now)
