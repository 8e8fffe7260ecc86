"""`make faults`: run every row, or those named with ROWS=, RUNS= times; say what came of each."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import django


def main() -> int:
    """Return 1 when something was lost or came twice; raises SystemExit for a row there is not."""
    # Asked to stop, it clears away what it has started.
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.faults.ground import Ground
    from tests.faults.table import FAULTS

    by_number = {str(fault.number): fault for fault in FAULTS}
    asked = os.environ.get("ROWS") or ",".join(by_number)
    numbers = [number.strip() for number in asked.split(",")]
    if unknown := set(numbers) - set(by_number):
        sys.exit(f"No such row: {', '.join(sorted(unknown))}. There are: {', '.join(by_number)}.")
    runs = int(os.environ.get("RUNS") or 10)
    first = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    seeds = range(first, first + runs)
    print(f"seeds {seeds[0]} to {seeds[-1]} (SEED={first} repeats them)", flush=True)
    print(f"{'row':>3} {'name':<44} runs lost doubled ambiguous verdict", flush=True)
    with Ground.laid() as ground, ground.here():
        return max([_said(by_number[number], ground, seeds) for number in numbers])


def _said(fault: object, ground: object, seeds: range) -> int:
    """Run one row and print its line; return 1 unless it holds."""
    from tests.faults.ground import Ground
    from tests.faults.registry import Fault, NotRun, run

    assert isinstance(fault, Fault)
    assert isinstance(ground, Ground)
    head = f"{fault.number:>3} {fault.name:<44}"
    began = time.monotonic()
    try:
        tally = run(fault, ground, seeds)
    except NotRun as reason:
        print(f"{head} not run: {reason}", flush=True)
        return 0
    except Exception as never:  # noqa: BLE001 - a row that cannot be ended does not hold
        print(f"{head} BROKEN: {type(never).__name__} {never}\n{ground.last_words()}", flush=True)
        return 1
    counts = f"{len(seeds):>4} {tally.lost:>4} {tally.doubled:>7} {tally.ambiguous:>9}"
    verdict = "holds" if tally.holds else "BROKEN"
    note = f"; {tally.note}" if tally.note else ""
    print(f"{head} {counts} {verdict} ({time.monotonic() - began:.0f} s{note})", flush=True)
    return int(not tally.holds)


if __name__ == "__main__":
    sys.exit(main())
