"""What one more open stream costs: memory, beside the barest stream there is, and no thread.

Both run under the server of production, one process of it, with the same settings. Memory is what
the server's processes hold (PSS: shared pages divided among those who share them) with thousands
of streams, less what they hold with a few, for each stream more. All streams have been open over
two heartbeats by then, so that what a heartbeat needs is counted too. The bare one
(bench/bare_stream.py) knows nobody, listens to nobody and cannot be told anything; ours belong to
real people with a session of their own each.
"""

from __future__ import annotations

from collections.abc import Sequence

import psutil
from rich.progress import Progress

from bench import many
from bench.phones import Phones, allow_files, live_line, phones, sign_in
from bench.processes import LOAD, SERVER, ourselves_on
from bench.ratio import Row, spread
from couples.models import Person

STREAMS, FEW = 4_000, 200
THREADS_AT = 2_000
ROUNDS = 5
HEARTBEAT = 5.0
"""Seconds; shorter than in life, so that two pass soon."""

TARGET, TARGET_THREADS = 1.3, 0.0
OURS, BARE = "config.asgi:live", "bench.bare_stream:application"


def measure(
    *, streams: int = STREAMS, few: int = FEW, threads_at: int = THREADS_AT, rounds: int = ROUNDS
) -> list[Row]:
    """Return memory a stream to that of the barest, and threads a stream."""
    allow_files(2 * streams + 1_000)
    many.couples(streams // 2, many.Noon())
    sessions = sign_in(list(Person.objects.order_by("pk")[:streams]))
    ratios, threads = [], []
    with Progress() as progress, ourselves_on(LOAD):
        opened = progress.add_task(f"{streams:,} streams", total=rounds * 2)
        for _round in range(rounds):
            ours, more_threads = _stream_costs(OURS, sessions, few=few, threads_at=threads_at)
            progress.advance(opened)
            bare, _none = _stream_costs(BARE, sessions, few=few, threads_at=threads_at)
            progress.advance(opened)
            ratios.append(ours / bare)
            threads.append(more_threads)
    return [
        Row("live_memory", *spread(ratios), TARGET),
        Row("live_memory threads a stream", *spread(threads), TARGET_THREADS),
    ]


def _stream_costs(
    application: str, sessions: Sequence[str], *, few: int, threads_at: int
) -> tuple[float, float]:
    """Return the bytes and the threads of one more stream of this application."""
    with (
        live_line(application, core=SERVER, heartbeat=HEARTBEAT) as (pid, port),
        phones(port) as open_pages,
    ):
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        open_pages.open(sessions[:few])
        _two_beats(open_pages)
        memory, threads = _memory(family), _threads(family)
        open_pages.open(sessions[few:threads_at])
        _two_beats(open_pages)
        more_threads = (_threads(family) - threads) / (threads_at - few)
        open_pages.open(sessions[threads_at:])
        _two_beats(open_pages)
        return (_memory(family) - memory) / (len(sessions) - few), more_threads


def _two_beats(open_pages: Phones) -> None:
    for _beat in range(2):
        open_pages.hear_a_beat()


def _memory(family: list[psutil.Process]) -> int:
    """Return bytes; where PSS is not known, what is a process's own."""
    held = [process.memory_full_info() for process in family]
    return sum(getattr(each, "pss", each.uss) for each in held)


def _threads(family: list[psutil.Process]) -> int:
    return sum(process.num_threads() for process in family)
