"""What a process knows stays in it: not in a request, not in its log, not on a page that fails."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.views.debug import get_default_exception_reporter_filter

from tests.processes.entries import Entry, collected, started
from tests.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

REDIS = "redis://:the-password-of-redis@127.0.0.1:1/0"


@pytest.fixture(params=["web", "site", "web whose error page fails as well"])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Entry]:
    name, _, more = request.param.partition(" ")
    shows = {"DJANGO_SETTINGS_MODULE": "tests.processes.showing", "LOG_LEVEL": "DEBUG"}
    shows["STATIC_DIR"] = str(tmp_path / "none") if more else collected(tmp_path / "static")
    told = {"REDIS_URL": REDIS, "HTTP_PROXY": "http://user:pass-of-the-proxy@127.0.0.1:9"}
    with ExitStack() as stack:
        yield started(name, tmp_path, stack, **shows, **told)


def secrets() -> set[str]:
    """Return what must stand nowhere."""
    database = urlsplit(os.environ["DATABASE_URL"]).password or ""
    keys = {settings.SECRET_KEY, os.environ["VAULT_KEYS"], *settings.VAULT_KEYS}
    return {*keys, database, "the-password-of-redis", "pass-of-the-proxy"} - {""}


def test_no_secret_is_in_a_request_an_error_page_or_the_log(entry: Entry) -> None:
    known = json.loads(entry.ask("/meta/", headers={"X-Asked": "yes"}).body)
    assert known["HTTP_X_ASKED"] == "yes"
    assert known["REMOTE_ADDR"] == "127.0.0.1"
    # Nothing of the environment, secret or not: PATH and HOME say what runs here.
    assert not {name for name in known if name in os.environ or name == "HTTP_PROXY"}

    failed = entry.ask("/fails/")
    assert failed.status == 500
    eventually(lambda: "level=error" in entry.log, within=10, what="the failure is in the log")
    for shown in (json.dumps(known), failed.body, str(failed.headers), entry.log):
        assert not [secret for secret in secrets() if secret in shown]


def test_a_report_of_an_error_would_name_no_secret() -> None:
    told = get_default_exception_reporter_filter().get_safe_settings()
    meta = RequestFactory().get("/", headers={"cookie": "a session"})
    told |= get_default_exception_reporter_filter().get_safe_request_meta(meta)
    given = urlsplit(os.environ["REDIS_URL"]).password or ""
    assert not [secret for secret in {*secrets(), given} - {""} if secret in repr(told)]
    assert "a session" not in repr(told)
