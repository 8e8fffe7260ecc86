"""What `migrate` looks at before anything else is started."""

from __future__ import annotations

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection
from pytest_django import Settings

from config.checks import KEPT_FREE, connections_kept

pytestmark = pytest.mark.django_db


def room() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (limit,) = cursor.fetchone() or (0,)
        cursor.execute("SELECT current_setting('superuser_reserved_connections')::int")
        (superusers,) = cursor.fetchone() or (0,)
        return int(limit) - int(superusers)


def test_a_database_that_would_turn_one_of_us_away_stops_the_start(settings: Settings) -> None:
    settings.WEB_WORKERS, settings.PAGES_AT_ONCE, settings.WORKER_PROCESSES = 1, 1, 1
    least = connections_kept(web_workers=1, pages_at_once=1, worker_processes=1)
    for settings.WORKER_PROCESSES, found in (
        (1 + room() - KEPT_FREE - least, []),
        (2 + room() - KEPT_FREE - least, ["config.E001"]),
    ):
        told = run_checks(tags=[Tags.database], databases=["default"])
        assert [each.id for each in told] == found
