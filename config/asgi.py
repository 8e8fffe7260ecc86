"""The live line, and the whole site in one process.

`live`         the stream under /live/ alone, beside pages served over WSGI (production)
`application`  both in one process: /live/ is raw ASGI, every page goes to Django's WSGI handler,
               which serves pages three times as fast as its ASGI handler (docs/decisions)
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import HTTPScope
from a2wsgi.wsgi_typing import WSGIApp
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()

from config.pages import LARGEST_BODY, Whole  # noqa: E402 - after setup
from couples.live.stream import Live, Message, Receive, Scope, Send, answer  # noqa: E402 - after setup

SLOWEST_BODY = 30
"""Seconds within which a request has to be there as a whole."""

MADE_ANEW = {b"content-length", b"cookie", b"transfer-encoding"}
"""Headers that are said anew of a request that has been read."""

LAST_PAGES = 10
"""Seconds that a server asked to stop gives to the pages it has in hand."""


class Site:
    """Sends each request to what answers it."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.pages = WSGIMiddleware(cast(WSGIApp, Whole(_django)), workers=settings.PAGES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection of a server."""
        if scope["type"] == "lifespan":
            await self.live(scope, self._after_the_last_page(receive), send)
            return
        if scope["type"] != "http" or scope["path"].startswith("/live/"):
            await self.live(scope, receive, send)
            return
        try:
            async with asyncio.timeout(SLOWEST_BODY):
                body = await _whole(receive)
        except TimeoutError:
            await answer(send, 408)
            return
        if body is None or _is_cut(scope["headers"], body):
            await answer(send, 400)
            return
        if len(body) > LARGEST_BODY:
            await answer(send, 413)
            return
        asked = {**scope, "headers": _headers(scope["headers"], body)}
        await self.pages(cast(HTTPScope, asked), _again(body), send)  # type: ignore[arg-type]

    def _after_the_last_page(self, receive: Receive) -> Receive:
        """Pass the life span on, its end only once no thread has a page in hand any more.

        A thread gives its page to the event loop and waits for that without limit. Where a phone
        has gone away the server does not wait for its page; with the loop ended under it, such a
        thread would keep the whole process from ending.
        """

        async def later() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                with suppress(TimeoutError):
                    async with asyncio.timeout(LAST_PAGES):
                        await asyncio.to_thread(self.pages.executor.shutdown)
            return message

        return later


async def _whole(receive: Receive) -> bytes | None:
    """Read the body of a request, to one byte past the largest; None when its sender went away.

    It is read here, where waiting costs nothing, and not by one of the few threads: a dozen slow
    phones would hold them all. And a body that breaks off never looks like all that was typed.
    """
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body[: LARGEST_BODY + 1])


def _is_cut(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bool:
    """True when fewer bytes came than were announced (a server may not have looked)."""
    announced = [value for name, value in headers if name.lower() == b"content-length"]
    return len(body) <= LARGEST_BODY and any(value != b"%d" % len(body) for value in announced)


def _again(body: bytes) -> Receive:
    """Hand out a body that has been read already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _headers(pairs: Iterable[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers as WSGI can tell them apart, with the length that the body has."""
    # WSGI cannot tell X_Forwarded_Proto from X-Forwarded-Proto; nobody honest sends the former.
    kept = [(name.lower(), value) for name, value in pairs if b"_" not in name]
    # HTTP/2 sends a field for each cookie (RFC 9113, 8.2.3); the bridge would put commas between.
    cookies = b"; ".join(value for name, value in kept if name == b"cookie")
    kept = [(name, value) for name, value in kept if name not in MADE_ANEW]
    if cookies:
        kept.append((b"cookie", cookies))
    return [*kept, (b"content-length", str(len(body)).encode())]


live = Live()
application = Site(live)
