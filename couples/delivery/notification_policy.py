"""What delivery owes to the one who is told: their choice, their quiet hours, few messages a day.

Times that a person set themselves pass all of it but their choice.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet

from couples.days import DAY, instant
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Channel, Delivery, Stage
from couples.delivery.sources import Source, sources
from couples.models import Person, Reminder
from couples.zones import clock_of

A_DAY = 3
"""Messages that the app starts, to one person, on one of their days (product, section 12)."""


def way_of(person: Person, source: Source) -> Way:
    """Return how this person wants to be told of what this source promises."""
    # All of them are asked for: a claim brings them along for its whole batch.
    chosen = (each.way for each in person.preferences.all() if each.kind == source.kind)
    return Way(next(chosen, begins_with(source)))


def begins_with(source: Source) -> Way:
    """Return how somebody is told who has not chosen yet; push has to be turned on by hand."""
    return Way.EMAIL if source.on_at_start else Way.NONE


def wait_until(reminder: Reminder, source: Source, *, now: datetime) -> datetime | None:
    """Return the instant before which this must not go out, or None when it may go out now.

    What the app starts waits for the end of quiet hours, and a fourth message of a day for the
    end of those of the next.
    """
    if not source.starts:
        return None
    person = reminder.person
    if ends := quiet_until(person, now=now):
        return ends
    zone = person.time_zone
    today = now.astimezone(clock_of(zone)).date()
    starting = [each.kind for each in sources() if each.starts]
    told = Delivery.objects.filter(
        reminder__person=person,
        reminder__kind__in=starting,
        began_at__gte=instant(today, time(0), zone=zone),
    ).exclude(stage=Stage.FAILED, reached=[])  # all others have reached them, may have, or will
    if told.exclude(reminder=reminder).values("reminder").distinct().count() < A_DAY:
        return None
    return instant(today + DAY, person.quiet_until, zone=zone)


def too_many(reminder: Reminder, source: Source, *, now: datetime) -> bool:
    """True when other workers have filled this person's day since we looked; ask in a transaction.

    The person is locked until our own attempt is written down, so that nobody counts without it.
    """
    if not source.starts:
        return False
    people = Person.objects.select_for_update(no_key=True)
    people.filter(pk=reminder.person_id).values_list("pk").first()
    return wait_until(reminder, source, now=now) is not None


def told_by_another(reminder: Reminder, source: Source, channel: Channel) -> bool:
    """True when a message of this kind went to this person on this way after it was due.

    It said that something is waiting, and whoever looked saw this too: three hurts that have been
    open for three days are one message. Times that a person set themselves are each told.
    """
    return (
        source.starts
        and _beside(reminder)
        .filter(channel=channel, stage=Stage.SENT, began_at__gte=reminder.due_at)
        .exists()
    )


def being_told(reminder: Reminder, source: Source, *, now: datetime) -> bool:
    """True while a worker is telling this person of this kind, which may be told with it.

    Ask it where `too_many` has locked the person, or two workers would each see nothing yet.
    """
    under_way = [Stage.ATTEMPTING, Stage.HANDED]
    held = Q(reminder__settled_at=None, reminder__lease_until__gt=now, stage__in=under_way)
    return source.starts and _beside(reminder).filter(held).exists()


def _beside(reminder: Reminder) -> QuerySet[Delivery]:
    """Attempts at other promises of the same kind to the same person."""
    of_kind = Delivery.objects.filter(reminder__person=reminder.person_id)
    return of_kind.filter(reminder__kind=reminder.kind).exclude(reminder=reminder)


def quiet_until(person: Person, *, now: datetime) -> datetime | None:
    """Return when this person's quiet hours end, or None outside them; equal times mean none."""
    begins, ends = person.quiet_from, person.quiet_until
    local = now.astimezone(clock_of(person.time_zone))
    clock = local.time().replace(tzinfo=None)
    over_midnight = begins > ends
    if over_midnight and clock >= begins:
        return instant(local.date() + DAY, ends, zone=person.time_zone)
    quiet = clock < ends if over_midnight else begins <= clock < ends
    end = instant(local.date(), ends, zone=person.time_zone)
    # In the hour that the autumn shows twice, the end may have gone by already.
    return (end if end > now else now + timedelta(minutes=1)) if quiet else None
