"""Pages and stream in one process: what the bridge from ASGI to WSGI must not lose."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests.couples.delivery.served import Served

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

PAGE = "/accounts/login/"
LARGEST_BODY = 4 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # as in config/asgi.py
SLOW_PHONES = 20  # more than there are threads for pages
NO_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="module")
def site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """The whole site in one process, without Redis."""
    static = tmp_path_factory.mktemp("static")
    served = Served("application", redis_url=NO_REDIS, static=static)
    yield served
    served.stop()


def asked(site: Served, path: str) -> http.client.HTTPResponse:
    """Ask for something once; the answer can be read."""
    asking = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    asking.request("GET", path, headers={"Connection": "close"})
    return asking.getresponse()


def start_of_a_post(site: Served) -> socket.socket:
    """Send the beginning of a form and no more."""
    phone = socket.create_connection(("127.0.0.1", site.port))
    head = f"POST {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlogin=a"
    phone.sendall(head.encode())
    return phone


def test_pages_and_the_stream_answer_at_one_address(site: Served) -> None:
    assert site.status("/healthz") == 200
    assert site.status(PAGE) == 200
    assert site.status("/live/") == 204


def test_head_has_the_headers_of_a_page_and_no_body(site: Served) -> None:
    ask = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        for _time in range(2):  # on one connection: a stray body would spoil the second
            ask.request("HEAD", PAGE)
            response = ask.getresponse()
            assert (response.status, response.read()) == (200, b"")
            assert response.headers["Cache-Control"] == "no-store"
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    finally:
        ask.close()


def test_no_other_site_embeds_anything_of_ours(site: Served) -> None:
    page = asked(site, PAGE)
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.read().decode())
    assert {Path(path).suffix for path in found} >= {".css", ".js"}
    for path in [PAGE, "/nowhere/", "/healthz", "/live/", "/static/none.css", *found]:
        assert asked(site, path).headers["Cross-Origin-Resource-Policy"] == "same-origin", path


@pytest.mark.parametrize("size", [LARGEST_BODY, LARGEST_BODY + 1, 10_000_000])
def test_a_large_body_is_a_plain_refusal(site: Served, size: int) -> None:
    # The server may close the connection before all of it was sent; that is a refusal too.
    status = site.status(PAGE, method="POST", body=b"a" * size)
    assert status in ({0, 413} if size > LARGEST_BODY else {400, 403})
    assert site.status("/healthz") == 200


def test_phones_that_send_slowly_hold_up_nobody_else(site: Served) -> None:
    with ExitStack() as stack:
        for _phone in range(SLOW_PHONES):
            stack.enter_context(start_of_a_post(site))
        assert site.status("/healthz") == 200
    assert site.status("/healthz") == 200


def test_a_header_with_an_underscore_passes_for_no_other(site: Served) -> None:
    assert site.status(PAGE, headers={"X_Forwarded_Host": "elsewhere.example"}) == 200
    assert site.status(PAGE, headers={"CONTENT_LENGTH": "x"}) == 200
