"""Checks that `migrate` runs before anything else is started."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from couples.live.hub import THREADS as LIVE

KEPT_FREE = 10
"""Connections that none of our processes takes: for migrations, backups, and who looks after it."""


def connections_kept(*, web_workers: int, pages_at_once: int, worker_processes: int) -> int:
    """Return how many connections all processes together keep at most.

    Pages keep one a thread, the live line one a thread, the worker one a process and one for the
    process that starts them. Beat keeps none.
    """
    return web_workers * pages_at_once + LIVE + worker_processes + 1


@register(Tags.database)
def room_for_all(databases: Sequence[str] | None = None, **_told: Any) -> list[CheckMessage]:
    """Refuse to start where the database would turn away one of our own processes."""
    if "default" not in (databases or []):
        return []
    ours = connections_kept(
        web_workers=settings.WEB_WORKERS,
        pages_at_once=settings.PAGES_AT_ONCE,
        worker_processes=settings.WORKER_PROCESSES,
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int"
        )
        (room,) = cursor.fetchone()
    if ours + KEPT_FREE <= room:
        return []
    said = (
        f"The database lets {room} connections in; our processes keep up to {ours},"
        f" and {KEPT_FREE} have to stay free."
    )
    hint = (
        "Raise max_connections of PostgreSQL, or lower WEB_WORKERS, PAGES_AT_ONCE or"
        " WORKER_PROCESSES."
    )
    return [Error(said, hint=hint, id="config.E001")]
