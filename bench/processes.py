"""Real processes of ours for a measurement, each told on which core it runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.database import address
from config.servers.supervisor import ends_with_us

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 60.0
ENDS_WITHIN = 30.0
PAUSE = 0.25
"""Seconds; looking must not become the load that is measured."""

SERVER, LOAD = 0, 1
"""Cores: what is measured on the one, whoever asks on the other."""


@contextmanager
def started(
    command: tuple[str, ...], *, core: int | None = None, tells: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Hold a process on the present database; without a core it runs where there is room.

    `tells` is what its environment says besides. Only what it complains of is shown.
    """
    own = {"DATABASE_URL": address(), "PYTHONWARNINGS": "ignore"}
    environment = {**os.environ, **own, **(tells or {})}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(
        [*on_core(core), *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=ends_with_us(signal.SIGTERM),  # noqa: PLW1509 - takes no lock
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make sure that none of its children is left."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDS_WITHIN)
    left = [psutil.Process(process.pid)] if process.poll() is None else []
    left += [child for child in children if child.is_running()]
    for each in left:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()
    if left:
        # What was measured stands all the same.
        print(f"{process.args!r} did not end within {ENDS_WITHIN:g} seconds.", file=sys.stderr)


def on_core(core: int | None) -> tuple[str, ...]:
    """Return what goes before a command to hold it on one core, where that can be done."""
    taskset = shutil.which("taskset")
    if core is None or taskset is None or (os.cpu_count() or 1) <= core:
        return ()
    return (taskset, "--cpu-list", str(core))


@contextmanager
def ourselves_on(core: int) -> Iterator[None]:
    """Run on one core meanwhile, where that can be done."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if core in before:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        if core in before:
            os.sched_setaffinity(0, before)


def until(check: Callable[[], bool], *, within: float = STARTS_WITHIN, what: str) -> None:
    """Look again and again until it is so; SystemExit with `what` after so many seconds."""
    ends = time.monotonic() + within
    while not check():
        if time.monotonic() > ends:
            sys.exit(f"This did not happen within {within:g} seconds: {what}.")
        time.sleep(PAUSE)
