"""Rows 9 and 10: too many who do the same thing, and one whose clock is wrong."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from config.servers.tools import clock_in_disguise
from couples.clock import database_now
from couples.delivery.models.reminder import Delivery
from couples.models import Person, Reminder
from tests.at_once import at_once, refused
from tests.couples.delivery.promises import KIND
from tests.faults.ground import LONG, Ground
from tests.faults.promised import all_settled, judge, promises, someone, standing
from tests.faults.registry import NotRun, Run, Tally

DISPATCHERS = 10
OCCASIONS = 100
"""Promises that four make at the same time, in row 9."""

OFF = timedelta(hours=2)


@contextmanager
def two_beats_and_ten_dispatchers(ground: Ground) -> Iterator[Run]:
    """Row 9: one row a key and one message, however many look."""
    with ExitStack() as stack:
        for _beat in range(2):
            ground.start(stack, "beat", FAULTS_TICK="0.05")
        # Nobody is lost here, so that no lease may end before its holder's work does.
        ground.worker(stack, at_once=DISPATCHERS, DELIVERY_LEASE=LONG)

        def once(_chance: random.Random) -> Tally:
            person = someone()
            subject, now = uuid.uuid4(), database_now()
            if raised := refused(at_once(*[lambda: _make(person, subject, now=now)] * 4)):
                raise raised[0]
            found = list(Reminder.objects.filter(person=person))
            all_settled(found)
            tally = judge(found, ground.mailbox)
            # Nobody is killed and no server is away, so nothing may be in doubt either.
            missing = max(0, OCCASIONS - len(found)) + tally.ambiguous
            return tally + Tally(lost=missing, doubled=max(0, len(found) - OCCASIONS))

        yield once


def _make(person: Person, subject: uuid.UUID, *, now: datetime) -> None:
    for number in range(OCCASIONS):
        Reminder.promise(
            person=person,
            couple=None,
            kind=KIND,
            subject=subject,
            occasion=str(number),
            due_at=now,
            useful_until=now + timedelta(hours=1),
        )


@contextmanager
def a_clock_two_hours_off(ground: Ground) -> Iterator[Run]:
    """Row 10: none early and none twice, whoever's clock is wrong; due is the database's word."""
    disguise = clock_in_disguise()
    if disguise is None:
        raise NotRun("install libfaketime")
    with ExitStack() as stack:
        ground.start(stack, "beat")

        def once(chance: random.Random) -> Tally:
            ahead = chance.random() < 0.5
            wrong = _told(disguise, ahead=ahead)
            alone = chance.random() < 0.5
            with ExitStack() as life:
                ground.start(life, "worker", "-c", "1", **wrong)
                if not alone:
                    ground.worker(life)
                later = promises(2, due=OFF / 2)
                made = promises(3)
                all_settled(made)
            early = 2 - standing(later) + Delivery.objects.filter(reminder__in=later).count()
            Reminder.objects.filter(pk__in=[each.pk for each in later]).delete()
            return judge(made, ground.mailbox) + Tally(doubled=early)

        yield once


def _told(disguise: Path, *, ahead: bool) -> dict[str, str]:
    """Return what lets a process believe in another time, in which a second is a second."""
    hours = int(OFF.total_seconds() // 3600)
    return {
        "LD_PRELOAD": str(disguise),
        "FAKETIME": f"{'+' if ahead else '-'}{hours}h",
    }
