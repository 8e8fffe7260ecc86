"""Ten thousand reminders that are due at once: how fast they go out, beside what the sink takes.

Real workers, told by hints through Redis as the beat tells them, keep promises of rituals that
5,000 couples planned: each is asked for whether it is still wanted, sent over the one connection of
its process, settled, and followed by tomorrow's. Counted is what arrives, from the first message to
the last. Beside it stands what the sink takes of the same letter on as many connections from a
client that has nothing else to do (bench/flood.py).

`drain` has one worker as it is shipped on two cores, with two processes and so two connections, all
of it on one core and the sink on the other, and PostgreSQL where there is room. For `drain 2
workers`, workers of one process each, sink and PostgreSQL all run where there is room, for one
worker as for two: one worker waits for its server and its database most of the time, and a second
fills the gaps, until the cores are full. On two cores that is also what bounds the ratio; a lock
that the two fought over would show as a ratio near one.

Mind a busy machine: a mail costs our side much more work than the client beside it, and whoever
works more is interrupted more, so `drain` comes out too low when others need the cores too.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import policy

from django.db import connection
from rich.progress import Progress

from bench import many
from bench.processes import LOAD, ROOT, SERVER, on_core, started, until
from bench.ratio import Row, spread
from bench.sink import Counted, Sink, sink
from config.celery import app
from config.servers.table import PROCESSES
from couples.delivery.mail import letter
from couples.delivery.tasks import tick
from couples.models import Reminder

REMINDERS = 10_000
ROUNDS = 5
TARGET, TARGET_LINEAR = 0.3, 1.7
CONNECTIONS = 2
"""Of a worker in `drain`: it has a process for each core, and each process has one."""

HINTS = 20
"""Ticks that are asked for at once for each worker: together they have time for any backlog."""

WITHIN = 900.0
"""Seconds for a backlog to go out at all."""


def measure(*, due: int = REMINDERS, rounds: int = ROUNDS) -> list[Row]:
    """Return messages a second to the sink's own limit, and those of two workers to one's."""
    noon = many.Noon()
    many.couples(due // 2, noon, rituals=True)
    shares, gains = [], []
    with Progress() as progress, sink(core=LOAD) as apart, sink(core=None) as beside:
        drained = progress.add_task(f"{due:,} mails", total=rounds * 4)
        for _round in range(rounds):
            limit = flooded(apart, due, noon, connections=CONNECTIONS)
            progress.advance(drained)
            ours = drain(apart, due, noon, connections=CONNECTIONS, core=SERVER)
            shares.append(ours.a_second / limit.a_second)
            progress.advance(drained)
            one = drain(beside, due, noon)
            progress.advance(drained)
            two = drain(beside, due, noon, workers=2)
            progress.advance(drained)
            gains.append(two.a_second / one.a_second)
    return [
        Row("drain", *spread(shares), TARGET, at_most=False),
        Row("drain 2 workers", *spread(gains), TARGET_LINEAR, at_most=False),
    ]


def flooded(sink: Sink, mails: int, noon: many.Noon, *, connections: int = 1) -> Counted:
    """Return what the sink counts when nobody thinks about what they send it."""
    stock(2, noon)
    mail = letter(Reminder.objects.latest("due_at")).message().as_bytes(policy=policy.SMTP)
    each = str(mails // connections)
    command = [*on_core(SERVER), sys.executable, "-m", "bench.flood", str(sink.port), each]
    sink.counted()
    floods = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) for _each in range(connections)
    ]
    for running in floods:
        running.communicate(mail)
    return sink.counted()


def drain(
    sink: Sink,
    due: int,
    noon: many.Noon,
    *,
    workers: int = 1,
    connections: int = 1,
    core: int | None = None,
) -> Counted:
    """Return what the sink counts while this many workers keep all that is due."""
    stock(due, noon)
    app.control.purge()
    sink.counted()
    with working(sink, workers, connections, core=core):
        for _hint in range(HINTS * workers * connections):
            tick.delay()
        sent = Reminder.objects.filter(outcome="sent")
        until(lambda: sent.count() == due, within=WITHIN, what=f"{due:,} reminders go out")
    app.control.purge()
    counted = sink.counted()
    if (counted.mails, counted.senders >= workers * connections) != (due, True):
        sys.exit(f"Of {due} reminders the sink has {counted}.")
    return counted


def stock(due: int, noon: many.Noon) -> None:
    """Promise so many reminders that are due, and none beside."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE couples_reminder, couples_delivery")
    many.reminders(due // 2, noon, overdue=due)
    many.settle_down()


@contextmanager
def working(sink: Sink, workers: int, connections: int, *, core: int | None) -> Iterator[None]:
    """Hold this many workers, each with a process for every connection."""
    (command,) = (process.command for process in PROCESSES if process.name == "worker")
    with ExitStack() as stack:
        for number in range(workers):
            name = ("--concurrency", str(connections), "--hostname", f"{number}@bench")
            stack.enter_context(started((*command, *name), core=core, tells={"SMTP_URL": sink.url}))
        names = {f"{number}@bench" for number in range(workers)}
        until(lambda: names <= _here(), what="workers answer")
        yield


def _here() -> set[str]:
    return {name for answer in app.control.ping(timeout=2) or () for name in answer}
