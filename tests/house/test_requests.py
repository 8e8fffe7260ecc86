"""What a server hands over, and what Django is given of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from pytest_django import Settings

from config.pages import LARGEST_BODY, FewThreads, Whole, phone_of

Headers = list[tuple[str, str]]


class Application:
    """Takes note of what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ | {"body": environ["wsgi.input"].read()})
        start_response("200 OK", [])
        return [b"well"]


def ask(application: Application, environ: dict[str, str], body: bytes = b"") -> int:
    """Ask as a WSGI server does that puts its own environment under the request."""
    said: list[str] = []
    request = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": BytesIO(body)}
    list(Whole(application)(dict(os.environ) | request | environ, lambda *it: said.append(it[0])))
    return int(said[0][:3])


def test_nothing_of_the_process_is_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VAULT_KEYS", "DATABASE_URL", "HTTP_PROXY", "CONTENT", "MAIL_FROM"):
        monkeypatch.setenv(name, "a secret")
    application = Application()
    assert ask(application, {"HTTP_COOKIE": "a=b", "CONTENT_TYPE": "text/plain"}) == 200
    (asked,) = application.asked
    assert "a secret" not in asked.values()
    assert not {name for name in os.environ if name in asked}
    assert (asked["HTTP_COOKIE"], asked["CONTENT_TYPE"]) == ("a=b", "text/plain")


@pytest.mark.parametrize(
    ("length", "body", "status"),
    [
        ("4", b"abcd", 200),
        ("4", b"abcdef", 200),  # what follows is the next request's
        ("5", b"abcd", 400),
        ("5", b"", 400),
        ("", b"", 200),
        ("0", b"", 200),
        ("-1", b"abcd", 400),
        ("x", b"abcd", 400),
        ("²", b"abcd", 400),
        (str(LARGEST_BODY + 1), b"", 413),
        ("9" * 5000, b"", 413),
    ],
)
def test_a_body_has_the_length_that_was_announced(length: str, body: bytes, status: int) -> None:
    application = Application()
    assert ask(application, {"CONTENT_LENGTH": length}, body) == status
    assert [asked["body"] for asked in application.asked] == [body[:4]] * (status == 200)


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "4"},
        {"SERVER_PROTOCOL": "HTTP/2"},
    ],
)
def test_a_body_without_a_length_is_not_taken(environ: dict[str, str]) -> None:
    application = Application()
    assert ask(application, environ, b"abcd") == 411
    assert application.asked == []


def test_answers_come_whole_from_a_few_threads() -> None:
    said: list[Any] = []
    few = FewThreads(Application(), threads=1)
    request = {"wsgi.input": BytesIO()}
    assert few(request, lambda *it: said.append(it)) == [b"well"]
    assert said == [("200 OK", [])]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "phone"),
    [
        ("203.0.113.7", 1, "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", 1, "203.0.113.7"),  # the first was written by the phone
        ("198.51.100.1,203.0.113.7 ,10.0.0.1", 2, "203.0.113.7"),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("::ffff:203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7", 0, None),
        ("203.0.113.7", 2, None),
        ("unknown", 1, None),
        ("203.0.113.7:4711", 1, None),
        ("", 1, None),
    ],
)
def test_the_phone_is_who_our_own_proxy_was_asked_by(
    forwarded: str, proxies: int, phone: str | None
) -> None:
    assert phone_of(forwarded, proxies=proxies) == phone


def test_without_a_proxy_of_ours_nobody_says_who_they_are(settings: Settings) -> None:
    application = Application()
    told = {"HTTP_X_FORWARDED_FOR": "203.0.113.7", "REMOTE_ADDR": "192.0.2.1"}
    for settings.TRUSTED_PROXIES in (0, 1):
        ask(application, told)
    assert [asked["REMOTE_ADDR"] for asked in application.asked] == ["192.0.2.1", "203.0.113.7"]
    assert not any("HTTP_X_FORWARDED_FOR" in asked for asked in application.asked)


def through_the_site(*messages: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> int:
    """Send messages of an ASGI server to the site in one process; return its status."""
    from config import asgi  # it looks for the static files, which the test has by now

    waiting, sent = list(messages), list[Any]()
    scope = {"type": "http", "path": "/healthz", "method": "POST", "headers": headers}

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi.application(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    "messages",
    [
        [{"type": "http.request", "body": b"abc", "more_body": False}],
        [{"type": "http.request", "body": b"abc", "more_body": True}, {"type": "http.disconnect"}],
    ],
)
def test_a_cut_request_never_reaches_the_pages_in_one_process(
    messages: list[dict[str, Any]],
) -> None:
    assert through_the_site(*messages, headers=[(b"content-length", b"4")]) == 400
