"""Couples who tap, and the judgement over their taps."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from config.servers.programs import free_port
from couples.clock import database_now
from couples.models import Partner
from rituals.models import Mark
from tests.factories import make_couple, make_person
from tests.faults.ground import Ground, Process
from tests.faults.phone import Phone, Tap
from tests.faults.registry import Tally
from tests.waiting import eventually

BACK_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Site:
    """The whole site in one process, and where it answers."""

    port: int
    process: Process


def site(ground: Ground, stack: ExitStack, *, port: int | None = None) -> Site:
    """Start the site and wait until it answers."""
    port = port or free_port()
    process = ground.start(stack, "site", GRANIAN_HOST="127.0.0.1", GRANIAN_PORT=str(port))
    started = Site(port, process)
    couple = make_two()
    phone = Phone(port, couple[0])
    eventually(lambda: phone.ask("/").status == 200, within=BACK_WITHIN, what="Today answers")
    return started


def make_two() -> tuple[Partner, Partner]:
    """Return a couple nobody else is."""
    number = uuid.uuid4().hex
    return make_couple(first=make_person(name=f"A{number}"), second=make_person(name=f"B{number}"))


def taps_of(partner: Partner) -> list[Tap]:
    """Return a tap for each ritual and each day that can still be marked."""
    couple = partner.couple
    today = couple.today(database_now())
    return [
        Tap(f"/rituals/{ritual.pk}/marks/", today - timedelta(days=days))
        for ritual in couple.rituals.live()
        for days in range(4)
        if ritual.planned_on(today - timedelta(days=days))
    ]


@contextmanager
def tapping(port: int, *, couples: int = 6) -> Iterator[Callable[[], Tally]]:
    """Let phones tap, each tap until it is answered; yields the judgement, which waits for them."""
    hands = [Phone(port, partner) for _couple in range(couples) for partner in make_two()]
    ended, answered = threading.Event(), set[uuid.UUID]()
    wanted = [(phone, tap) for phone in hands for tap in taps_of(phone.partner)]
    random.shuffle(wanted)

    def do(each: tuple[Phone, Tap]) -> None:
        phone, tap = each
        answer = phone.tap_until_answered(tap, ended)
        if answer.decided and not answer.problem:
            answered.add(tap.key)

    def judged() -> Tally:
        for each in doing:
            each.result(BACK_WITHIN)
        met = sum(phone.repeated for phone in hands)
        note = f"{met} taps went unanswered and were sent again"
        return judge(answered) + Tally(lost=len(wanted) - len(answered), note=note)

    with ThreadPoolExecutor(len(hands)) as pool:
        doing = [pool.submit(do, each) for each in wanted]
        try:
            yield judged
        finally:
            ended.set()


def judge(answered: set[uuid.UUID]) -> Tally:
    """Say what became of taps that were answered with yes.

    Lost: no mark has its key. Doubled: two marks have it, or two marks stand for one moment.
    """
    ours = Mark.objects.filter(client_key__in=answered)
    found = ours.values_list("client_key", flat=True)
    twice = ours.values("client_key").annotate(rows=Count("pk")).filter(rows__gt=1)
    moments = Mark.objects.standing().filter(moment__in=ours.values("moment"))
    standing = moments.values("moment", "partner").annotate(rows=Count("pk")).filter(rows__gt=1)
    return Tally(lost=len(answered - set(found)), doubled=twice.count() + standing.count())
