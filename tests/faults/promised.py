"""Promises that a fault may meet, and the judgement over them by both witnesses.

The mailbox says what went out, the database what we believe has become of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from couples.clock import database_now
from couples.delivery.mail import message_id
from couples.delivery.models.reminder import Outcome
from couples.models import Person, Reminder
from tests.couples.delivery.promises import promise
from tests.factories import make_person
from tests.faults.mailbox import Mailbox
from tests.faults.registry import Tally
from tests.waiting import eventually

WITHIN = 60.0
"""Seconds for everything to be settled: the minute in which a worker has to be back at work."""

NOW = timedelta(0)


def someone() -> Person:
    """Return a person nobody else is."""
    name = f"P{uuid.uuid4().hex}"
    return make_person(name=name)


def promises(count: int, *, due: timedelta = NOW) -> list[Reminder]:
    """Return promises to one person each would like to see kept, due in so long from now."""
    person = someone()
    with transaction.atomic():  # there for one tick, all of them
        return [promise(person, due=due) for _promise in range(count)]


def standing(made: Iterable[Reminder]) -> int:
    """Return how many of these promises are not settled yet."""
    return Reminder.objects.standing().filter(pk__in=[each.pk for each in made]).count()


def all_settled(made: Iterable[Reminder], *, within: float = WITHIN) -> None:
    """Wait until none of these promises stands any more."""
    made = list(made)
    eventually(lambda: not standing(made), within=within, what="all promises are settled")


def lease_ends_soon(made: Iterable[Reminder]) -> None:
    """Let whoever holds these promises hold them for a second more."""
    held = Reminder.objects.standing().filter(pk__in=[each.pk for each in made])
    soon = database_now() + timedelta(seconds=1)
    held.exclude(lease_until=None).update(lease_until=soon)


def judge(made: Iterable[Reminder], mailbox: Mailbox) -> Tally:
    """Say what became of promises that were due, wanted and useful.

    Lost: nobody got it, and we did not say openly that we cannot know. Doubled: two messages of
    one promise came in, or two attempts are written down as sent.
    """
    copies, tally = mailbox.copies(), Tally()
    found = Reminder.objects.prefetch_related("deliveries").in_bulk([each.pk for each in made])
    for reminder in found.values():
        arrived = copies[message_id(reminder.pk)]
        sent = sum(each.stage == "sent" for each in reminder.deliveries.all())
        unsure = reminder.outcome == Outcome.AMBIGUOUS
        known = reminder.outcome == Outcome.SENT and arrived > 0
        tally += Tally(
            lost=int(not unsure and not known),
            doubled=int(max(arrived, sent) > 1),
            ambiguous=int(unsure),
        )
    return tally
