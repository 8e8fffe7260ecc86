"""`make hours`: the tests at every hour of a day, and on days on which clocks change.

Each run has a database of its own, and one library (libfaketime) tells it and the tests the same
other time; seconds stay seconds. Browsers and whole installations are left out: they keep
time by more than that. What held is not run again until the code changes, so that it can be
interrupted; what each run printed is in .data/hours/.

    make hours                               # all moments, all tests without a browser
    make hours HOURS=9,14,berlin-spring      # these moments alone
    make hours TESTS=tests/rituals ARGS=-x   # these tests alone, and whatever pytest takes
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.servers import postgres
from config.servers.redis import real_server
from config.servers.supervisor import ROOT
from config.servers.tools import CLOCK, clock_in_disguise
from tests.waiting import eventually

KEPT = ROOT / ".data" / "hours"
LEFT_OUT = "not (browser or process)"

# A little before what happens, so that it happens in the middle of the tests. All in UTC, and all
# to come: on a day before the dates that tests name, what was promised would be due by then.
DAYS = {
    "berlin-spring": datetime(2027, 3, 28, 0, 55, tzinfo=UTC),  # two o'clock is three
    "berlin-autumn": datetime(2027, 10, 31, 0, 55, tzinfo=UTC),  # three o'clock is two
    "us-spring": datetime(2027, 3, 14, 6, 55, tzinfo=UTC),  # New York's two is three
    "us-autumn": datetime(2027, 11, 7, 5, 55, tzinfo=UTC),
    "years-end": datetime(2026, 12, 31, 22, 55, tzinfo=UTC),  # Berlin's midnight, then London's
    "february-28": datetime(2027, 2, 28, 22, 55, tzinfo=UTC),
    "february-29": datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
}
HOURS = {f"{hour:02}h": hour for hour in range(24)}


def main() -> int:
    """Run the tests at each moment asked for; return 1 when they failed at any."""
    disguise = clock_in_disguise()
    if disguise is None:
        sys.exit(f"Hi First: `make hours` needs {CLOCK}; install it, and repeat this.")
    KEPT.mkdir(parents=True, exist_ok=True)
    moments, failed = asked_for(os.environ.get("HOURS") or ""), []
    for number, name in enumerate(moments, 1):
        began = time.monotonic()
        said = _held(name) or _run(name, disguise)
        failed += [] if said.startswith("held") else [name]
        took = f"{time.monotonic() - began:.0f} s"
        print(f"{number:>2} of {len(moments)}  {name:<14} {said} ({took})", flush=True)
    if failed:
        print(f"Failed at {', '.join(failed)}; see .data/hours/. Again: HOURS={','.join(failed)}")
    return int(bool(failed))


def asked_for(text: str) -> list[str]:
    """Return the names of the moments in HOURS ("9" is "09h"), all of them for an empty text.

    Raises SystemExit for one that there is not.
    """
    known = [*HOURS, *DAYS]
    words = [word.strip() for word in text.split(",") if word.strip()]
    names = [f"{int(word):02}h" if word.isdecimal() else word for word in words]
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"No such hour or day: {', '.join(unknown)}. There are: {', '.join(known)}.")
    return names or known


def moment(name: str, *, now: datetime) -> datetime:
    """Return the instant that clocks are to show: today at that hour, or the day of that name."""
    if name in DAYS:
        return DAYS[name]
    return now.replace(hour=HOURS[name], minute=5, second=0, microsecond=0)


def told(shift: timedelta, disguise: Path) -> dict[str, str]:
    """Return the environment in which every process believes in a time that far away."""
    return {
        "LD_PRELOAD": str(disguise),
        "FAKETIME": f"{shift.total_seconds():+.0f}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # how long a wait lasts is nobody's business
        "NO_FAKE_STAT": "1",  # when a file was changed, too
        "PATH": f"{_undisguised_redis()}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def _undisguised_redis() -> Path:
    """Return a folder with a Redis that knows the real time: the library and its allocator clash.

    Nothing of ours asks Redis what time it is.
    """
    program = real_server()
    if program is None:
        sys.exit("Hi First: the tests need a real Redis: install redis-server, and repeat this.")
    door = KEPT / "bin" / Path(program).name
    door.parent.mkdir(exist_ok=True)
    door.write_text(f'#!/bin/sh\nunset LD_PRELOAD\nexec "{program}" "$@"\n')
    door.chmod(0o755)
    return door.parent


@contextmanager
def _database(shifted: dict[str, str], log: Path) -> Iterator[str]:
    """Return the DATABASE_URL of a throw-away PostgreSQL under the other time.

    Not by config.servers in the same disguise: a process that forks while a thread of its own asks
    for the time would leave a child behind that waits for ever (a lock of the library).
    """
    folder = Path(tempfile.mkdtemp(prefix="hours-", dir=KEPT))
    folder.chmod(0o711)  # as root, PostgreSQL is another user and must pass through
    program, url = postgres.program(folder / "postgres", secrets.token_hex(16), keeps=False)
    user, group = program.run_as or (None, None)
    with log.open("w") as into:
        server = subprocess.Popen(
            program.command, cwd="/", env=shifted, stdout=into, stderr=into, user=user,
            group=group, extra_groups=None if user is None else [], start_new_session=True,
        )  # fmt: skip
    try:
        ready = program.is_ready or (lambda: True)
        eventually(ready, within=60, what="PostgreSQL can be asked")
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _run(name: str, disguise: Path) -> str:
    """Run the tests at one moment, and say what came of it."""
    now = datetime.now(UTC)
    other = told(moment(name, now=now) - now, disguise)
    tests, more = os.environ.get("TESTS") or "tests", os.environ.get("ARGS") or ""
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("WORKERS") or "0"]
    command = [*pytest, "-p", "tests.disguised", "-m", LEFT_OUT, *tests.split(), *more.split()]
    disguised = ["env", *(f"{name}={value}" for name, value in other.items()), *command]
    servers = [sys.executable, "-m", "config.servers", "test", "--", *disguised]
    log = KEPT / f"{name}.txt"
    beside = log.with_suffix(".postgres.txt")
    with log.open("w") as into, _database({**os.environ, **other}, beside) as url:
        known = {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
        done = subprocess.run(
            servers, cwd=ROOT, env=known, stdout=into, stderr=subprocess.STDOUT, check=False
        )
    last = next((line for line in reversed(log.read_text().splitlines()) if line.strip()), "")
    if done.returncode:
        return f"FAILED: {last}"
    (KEPT / f"{name}.held").write_text(_what())
    return f"held: {last}"


def _held(name: str) -> str:
    """Say so when these tests of this code have held at this moment before."""
    stamp = KEPT / f"{name}.held"
    return "held before" if stamp.exists() and stamp.read_text() == _what() else ""


def _what() -> str:
    """Return what stands for this code and these tests."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    diff = subprocess.run(["git", "diff", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    asked = f"{os.environ.get('TESTS')} {os.environ.get('ARGS')}".encode()
    return hashlib.sha256(head.stdout + diff.stdout + asked).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
