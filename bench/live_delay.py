"""From the commit on one phone to the event on the other, with thousands of streams open.

Real couples, each phone with a session and a stream of its own, on one process of the live line
with its everyday heartbeat. "We said hi" is tapped as a page would have it done (`Mark.make`), at
random moments over several heartbeats, and not one waits for another's event to arrive. The clock
starts just before COMMIT and stops when the other partner's phone has read the event; the time
that the phones here take to look at all their streams counts too.

The row says the 99th of a hundred, and in brackets the median and the longest.
"""

from __future__ import annotations

import random
import selectors
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from django.db import transaction
from rich.progress import track

from bench import many
from bench.phones import Phones, allow_files, live_line, phones, sign_in
from bench.processes import LOAD, SERVER, ourselves_on
from bench.ratio import Row
from couples.clock import database_now
from couples.models import Partner
from rituals.models import Mark

STREAMS = 2_000
TAPS = 1_000
A_SECOND = 20.0
"""Taps."""

TARGET = 100.0
"""Milliseconds."""

ARRIVES_WITHIN = 10.0
"""Seconds after which an event counts as lost."""

CHANGED = b"event: changed\ndata: today\n\n"


def measure(*, streams: int = STREAMS, taps: int = TAPS) -> list[Row]:
    """Return the 99th percentile, in milliseconds."""
    allow_files(2 * streams + 1_000)
    many.couples(streams // 2, many.Noon(), rituals=True)
    many.settle_down()
    partners = list(Partner.objects.with_keys().order_by("seat", "couple_id"))
    with (
        ourselves_on(LOAD),
        live_line("config.asgi:live", core=SERVER) as (_pid, port),
        phones(port) as open_pages,
    ):
        open_pages.open(sign_in([partner.person for partner in partners]))
        with _listening(open_pages) as heard:
            delays = _tap(partners, taps, heard)
    longest = max(delays)
    percent = quantiles(delays, n=100, method="inclusive")[98]
    return [Row("live_delay", percent, median(delays), longest, TARGET, unit="ms")]


def _tap(partners: list[Partner], taps: int, heard: dict[int, list[float]]) -> list[float]:
    """Tap for one partner after the other; return after how long each other phone knew."""
    half = len(partners) // 2
    tapped: list[tuple[int, float]] = []
    due = time.monotonic()
    for number in track(range(taps), description=f"{len(partners):,} streams, {taps:,} taps"):
        due += random.expovariate(A_SECOND)
        time.sleep(max(due - time.monotonic(), 0))
        # The first half are the first seats, the second half their partners in the same order.
        tapped.append(((number + half) % len(partners), _said_hi(partners[number])))
    ends = time.monotonic() + ARRIVES_WITHIN
    while not all(_heard_after(tap, heard) for tap in tapped) and time.monotonic() < ends:
        time.sleep(0.1)
    return [_first_after(began, heard[other]) for other, began in tapped]


def _heard_after(tap: tuple[int, float], heard: dict[int, list[float]]) -> bool:
    other, began = tap
    return bool(heard[other]) and heard[other][-1] >= began


def _said_hi(partner: Partner) -> float:
    """Mark the greeting for this partner; return the moment just before it was committed."""
    now = database_now()
    couple = partner.couple
    with transaction.atomic():
        ritual = couple.rituals.live().get()
        Mark.make(by=partner, ritual=ritual, day=couple.today(now), client_key=uuid.uuid4())
        return time.monotonic()


def _first_after(began: float, heard: list[float]) -> float:
    """Return the milliseconds until the event that this tap brought."""
    arrived = next((at for at in heard if at >= began), None)
    if arrived is None:
        sys.exit("An event was lost: the other phone was told nothing after a tap.")
    return (arrived - began) * 1000


@contextmanager
def _listening(open_pages: Phones) -> Iterator[dict[int, list[float]]]:
    """Read all streams meanwhile; yields when each was told that Today has changed."""
    heard: dict[int, list[float]] = defaultdict(list)
    ended = threading.Event()
    reader = threading.Thread(target=_listen, args=(open_pages, heard, ended.is_set))
    reader.start()
    try:
        yield heard
    finally:
        ended.set()
        reader.join()


def _listen(open_pages: Phones, heard: dict[int, list[float]], ended: Callable[[], bool]) -> None:
    with selectors.DefaultSelector() as selector:
        for number, line in enumerate(open_pages.lines):
            selector.register(line, selectors.EVENT_READ, number)
        while not ended():
            for key, _mask in selector.select(timeout=0.5):
                # One event is one chunk; on the loopback it comes in one piece.
                told = key.fileobj.recv(4096)  # type: ignore[union-attr]
                if CHANGED in told:
                    heard[key.data].append(time.monotonic())
                elif not told:
                    selector.unregister(key.fileobj)
