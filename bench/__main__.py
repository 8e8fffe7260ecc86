"""`make bench`: run every row, or those named with ONLY=, and say what came of each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import django
from django.core.management import call_command

from bench.ratio import Row

LATEST = Path(__file__).with_name("latest.json")


def main(only: str) -> int:
    """Run the rows named in `only`, divided by commas, or all; return 1 when one falls short.

    Raises SystemExit for a row that does not exist.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench.database import copy, empty_database

    rows = _rows()
    names = only.split(",") if only else list(rows)
    if unknown := set(names) - set(rows):
        sys.exit(f"No such row: {', '.join(sorted(unknown))}. There are: {', '.join(rows)}.")
    call_command("collectstatic", interactive=False, verbosity=0)
    done: list[Row] = []
    with empty_database():
        for name in names:
            with copy("row"):
                measured = rows[name]()
            # Said at once: a later row may take long, or break.
            print(*measured, sep="\n", flush=True)
            done += measured
            _keep(measured)
    return int(any(row.falls_short for row in done))


def _keep(measured: list[Row]) -> None:
    """Write these rows down in place of what was measured of the same name before."""
    kept = json.loads(LATEST.read_text()) if LATEST.exists() else []
    rows = {each["name"]: each for each in [*kept, *map(asdict, measured)]}
    LATEST.write_text(json.dumps(list(rows.values()), indent=1) + "\n")


def _rows() -> dict[str, Callable[[], list[Row]]]:
    # Imported once the settings are there: the rows live a couple's life through its models.
    from bench import busy_year, drain, due_scan, live_delay, live_memory

    return {
        "busy_year": busy_year.measure,
        "due_scan": due_scan.measure,
        "drain": drain.measure,
        "live_memory": live_memory.measure,
        "live_delay": live_delay.measure,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
