"""More phones at once than the database lets in: all are answered, some a little later."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from couples.models import Partner
from tests.browser.site import database_url
from tests.processes.entries import Entry, collected, cookies, started

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

PHONES = 130
WEB_WORKERS, PAGES_AT_ONCE = 2, 3


@pytest.fixture(params=["web", "site"])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Entry]:
    """The pages with few threads, in two processes where there are two."""
    workers = WEB_WORKERS if request.param == "web" else 1
    sizes = {"GRANIAN_WORKERS": str(workers), "PAGES_AT_ONCE": str(PAGES_AT_ONCE)}
    static = collected(tmp_path / "static")
    with ExitStack() as stack:
        yield started(request.param, tmp_path, stack, STATIC_DIR=static, **sizes)


def connections() -> int:
    """Return how many connections the pages keep to the database of the test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        (count,) = cursor.fetchone() or (0,)
        return int(count)


def test_who_comes_when_all_are_busy_waits_and_nobody_is_refused(
    entry: Entry, ana: Partner
) -> None:
    asks = {"Cookie": cookies(ana)}
    together = threading.Barrier(PHONES)
    before = connections()

    def phone(_number: int) -> int:
        together.wait()
        return entry.ask("/", headers=asks).status

    with ThreadPoolExecutor(PHONES) as phones:
        statuses = Counter(phones.map(phone, range(PHONES)))
    assert statuses == {200: PHONES}
    assert connections() - before <= WEB_WORKERS * PAGES_AT_ONCE

    # And an operator gets in, while all of them are kept.
    with psycopg.connect(database_url(), connect_timeout=5) as operator:
        assert operator.execute("SELECT 1").fetchone() == (1,)
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] is None
