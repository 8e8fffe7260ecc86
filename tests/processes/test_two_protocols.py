"""HTTP/2, which both servers offer: whoever is signed in stays signed in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.servers.programs import LOOPBACK
from couples.models import Partner
from rituals.models import MeetingWord
from tests.processes.entries import TOKEN, Entry, collected, cookies, started

pytestmark = [
    pytest.mark.process,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl speaks HTTP/2"),
]


@pytest.fixture(params=["web", "site"])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Entry]:
    static = collected(tmp_path / "static")
    with ExitStack() as stack:
        yield started(request.param, tmp_path, stack, STATIC_DIR=static)


def over_http_2(entry: Entry, path: str, who: Partner, *more: str) -> str:
    """Ask with a field for each cookie, as browsers do over HTTP/2; return status and version."""
    fields = [f"Cookie: {cookie}" for cookie in ["a=1", *cookies(who).split("; "), "z=2"]]
    asks = [word for field in fields for word in ("--header", field)]
    shows = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code} %{http_version}"]
    address = f"http://{LOOPBACK}:{entry.port}{path}"
    command = ["curl", "--http2-prior-knowledge", *shows, *asks, *more, address]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_cookies_that_come_one_by_one_are_all_read(entry: Entry, ana: Partner) -> None:
    assert over_http_2(entry, "/me/", ana) == "200 2"
    words = ["--header", f"X-CSRFToken: {TOKEN}", "--data", "words=Home+by+seven"]
    assert over_http_2(entry, "/rituals/meeting/", ana, *words) == "302 2"
    assert [word.words for word in MeetingWord.objects.all()] == ["Home by seven"]


def test_the_live_line_reads_them_as_well(tmp_path: Path, ana: Partner) -> None:
    with ExitStack() as stack:
        site = started("site", tmp_path, stack)
        # It stays open: curl is told to leave, which it says with 28.
        shows = ["--max-time", "5"]
        with pytest.raises(subprocess.CalledProcessError) as left:
            over_http_2(site, "/live/", ana, *shows)
        assert left.value.returncode == 28
        assert left.value.stdout == "200 2"
