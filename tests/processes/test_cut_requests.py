"""A phone loses its connection while it sends: what did not come whole was not said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pytest_django import DjangoDbBlocker

from couples.models import Partner
from rituals.models import MeetingWord
from tests.browser.site import at_rest
from tests.processes.entries import TOKEN, Entry, behind_caddy, cookies, form, started
from tests.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

ENTRIES = ("web", "site", "caddy")
PATH = "/rituals/meeting/"
WORDS = "Home by seven, and I would like to sit with you before we talk about the money"
BOUNDARY = "a-form-of-two-parts"


@pytest.fixture(scope="module")
def entries(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Entry]]:
    """Both servers, and Caddy in front of the pages."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hi-first-")))
        web = started("web", folder, stack, TRUSTED_PROXIES="1")
        site = started("site", folder, stack)
        yield {"web": web, "site": site, "caddy": behind_caddy(web, folder, stack)}


@pytest.fixture(params=ENTRIES)
def entry(request: pytest.FixtureRequest, entries: dict[str, Entry]) -> Entry:
    """One of the ways in."""
    found: Entry = entries[request.param]
    return found


def head(who: Partner, *lines: str, kind: str = "application/x-www-form-urlencoded") -> bytes:
    """The beginning of a post of the note on when we meet again."""
    fixed = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookies(who)}"]
    told = [*fixed, f"X-CSRFToken: {TOKEN}", f"Content-Type: {kind}", *lines]
    return "\r\n".join([*told, "", ""]).encode()


def of_length(size: int) -> str:
    return f"Content-Length: {size}"


def multipart(**fields: str) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()


def said() -> list[str]:
    """Every note there is, once nobody works on a request any more."""
    eventually(at_rest, within=20, what="the site has answered everything")
    return [word.words for word in MeetingWord.objects.all()]


def refusals(entry: Entry, *statuses: int) -> set[int]:
    """What a phone that was cut may hear; Caddy ends both connections, and answers for itself."""
    return {*statuses, *((0, 200, 502) if entry.is_proxy else ())}


def test_a_whole_form_is_kept(entry: Entry, ana: Partner) -> None:
    body = form(words=WORDS)
    assert entry.send(head(ana, of_length(len(body))), body).status == 302
    assert said() == [WORDS]


@pytest.mark.parametrize(
    "fields",
    [{"words": WORDS}, {"csrfmiddlewaretoken": TOKEN, "words": WORDS}, {"words": WORDS, "z": "1"}],
    ids=["words alone", "words last", "words first"],
)
@pytest.mark.parametrize("missing", [1, 2, 30])
def test_a_form_that_is_cut_says_nothing(
    entry: Entry, ana: Partner, fields: dict[str, str], missing: int
) -> None:
    body = form(**fields)
    cut = entry.send(head(ana, of_length(len(body))), body[:-missing], hang_up=True)
    assert cut.status in refusals(entry, 400)
    assert said() == []


def test_a_form_in_parts_that_is_cut_says_nothing(entry: Entry, ana: Partner) -> None:
    kind, body = f"multipart/form-data; boundary={BOUNDARY}", multipart(words=WORDS, z="1")
    assert entry.send(head(ana, of_length(len(body)), kind=kind), body).status == 302
    assert said() == [WORDS]
    for missing in (1, 8, 60):
        MeetingWord.objects.all().delete()
        entry.send(head(ana, of_length(len(body)), kind=kind), body[:-missing], hang_up=True)
        assert said() == [], missing


def test_what_stood_there_before_stays_when_a_form_is_cut(entry: Entry, ana: Partner) -> None:
    MeetingWord.say(by=ana, words="Home by eight")
    body = form(words=WORDS)
    entry.send(head(ana, of_length(len(body))), body[:20], hang_up=True)
    entry.send(head(ana, of_length(len(body))), hang_up=True)
    assert said() == ["Home by eight"]


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n0", b"\r\n40\r\nmore"])
def test_a_form_in_chunks_that_is_cut_says_nothing(entry: Entry, ana: Partner, end: bytes) -> None:
    part = form(words=WORDS)[:40]
    cut = entry.send(
        head(ana, "Transfer-Encoding: chunked"), b"%x\r\n%s" % (len(part), part), end, hang_up=True
    )
    assert cut.status in refusals(entry, 400, 411)
    assert said() == []


def test_a_whole_form_in_chunks_is_kept_or_refused_and_never_half(
    entry: Entry, ana: Partner
) -> None:
    body = form(words=WORDS)
    chunks = b"10\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (body[:16], len(body) - 16, body[16:])
    whole = entry.send(head(ana, "Transfer-Encoding: chunked"), chunks)
    kept = said()
    # A proxy says 502 where the server refuses before it has read the whole.
    assert (whole.status, kept) == (302, [WORDS]) or (whole.status in {411, 502} and not kept)
