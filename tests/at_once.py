"""Several people act in the same instant: real threads, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

PATIENCE = 30
"""Seconds after which those who wait for each other are taken for deadlocked."""


def at_once[Made](*calls: Callable[[], Made]) -> list[Made | Exception]:
    """Make all calls at the same time; return, in their order, what each made or raised."""
    start = Barrier(len(calls))

    def made(call: Callable[[], Made]) -> Made | Exception:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return call()
        except Exception as raised:  # noqa: BLE001 - handed to the test, which looks at it
            return raised
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls, timeout=PATIENCE))


def somebody_waits() -> bool:
    """True while another connection waits for a lock that our transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        (waiting,) = cursor.fetchone()
    return bool(waiting)


def refused(results: Sequence[object]) -> list[Exception]:
    """Return what was raised."""
    return [each for each in results if isinstance(each, Exception)]
