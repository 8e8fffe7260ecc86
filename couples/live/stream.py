"""The live line, reading side: a raw ASGI application that holds one stream open per page.

Raw, because Django's own streaming keeps a thread for each open response. What Django does for a
request is therefore done here by hand, and there is little of it: host, origin, session.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from couples.live.event_queue import HELLO, RESYNC, Stream
from couples.live.hub import Hub
from couples.live.stream_auth import Admission

log = structlog.stdlib.get_logger(__name__)

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

STREAMS = 20_000
"""Streams a process holds; the next is asked to come back later."""

STREAMS_EACH = 12
"""Streams one person can hold in a process; a page in the background holds none."""

PATIENCE = 20.0
"""Seconds a phone may leave what it is told unread before its stream is dropped."""

INSISTS_AFTER = 1.0
"""Seconds after which a server that does not stop is told so again."""

UNTIL_HEARD = 2.0
"""Seconds to wait for the subscription before the stream opens without it."""

PRIVATE = [
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # a proxy that collects would deliver nothing
    *PRIVATE,
]


class Live:
    """The application under /live/, with its life span."""

    def __init__(self) -> None:
        self._hub: Hub | None = None
        self._ends = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection of a server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            # What was asked is forgotten before the stream begins: it stays open for hours.
            if admission := await self._admitted(scope, send):
                await self._stream(admission, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    @property
    def hub(self) -> Hub:
        """The streams of this process; needs a running event loop."""
        if self._hub is None:
            self._hub = Hub()
        return self._hub

    # --- Life span ---------------------------------------------------------------------------

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            match (await receive())["type"]:
                case "lifespan.startup":
                    self._close_on_signals()
                    await send({"type": "lifespan.startup.complete"})
                case "lifespan.shutdown":
                    self._ends = True
                    await self.hub.close()
                    await send({"type": "lifespan.shutdown.complete"})
                    return

    def _close_on_signals(self) -> None:
        """End the streams as soon as the process is asked to stop.

        A server waits for open responses before it reports the shutdown (granian without limit),
        and these would never end by themselves.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def stop(number: int, frame: FrameType | None, before: Any = before) -> None:
                loop.call_soon_threadsafe(self._stop, number)
                if callable(before):
                    before(number, frame)

            # Outside the main thread the server has to end by other means.
            with suppress(ValueError):
                signal.signal(number, stop)

    def _stop(self, number: int) -> None:
        """End the streams, and see to it that the server has heard that it is to stop.

        An event loop learns of signals through a pipe. When thousands of phones hang up at once
        it is full of other news; the signal is lost, and the process would stay for good.
        """
        self.hub.close_streams()
        if not self._ends:
            asyncio.get_running_loop().call_later(INSISTS_AFTER, self._insist, number)

    def _insist(self, number: int) -> None:
        if not self._ends:
            signal.raise_signal(number)

    # --- One request -------------------------------------------------------------------------

    async def _admitted(self, scope: Scope, send: Send) -> Admission | None:
        """Return whose stream is to be opened, or answer and return None."""
        headers = _headers(scope["headers"])
        admission, status = None, _refusal(scope, headers)
        if status is None:
            try:
                admission = await self._admission(headers)
            except (DatabaseError, TimeoutError):
                log.warning("live line without database")
                status = 503
            else:
                # 204 is how a server tells an EventSource not to come back.
                status = 204 if admission is None else self._no_room()
        if status is not None:
            await answer(send, status)
            return None
        return admission

    def _no_room(self) -> int | None:
        return 503 if self.hub.closing or len(self.hub) >= STREAMS else None

    async def _admission(self, headers: dict[str, str]) -> Admission | None:
        session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
        # Keys are letters and digits; a NUL in one would not even reach the database.
        if session_key is None or not (session_key.isascii() and session_key.isalnum()):
            return None
        return await self.hub.admit(session_key)

    async def _stream(self, admission: Admission, receive: Receive, send: Send) -> None:
        hub, stream = self.hub, Stream(admission)
        gone = asyncio.create_task(_close_when_gone(stream, receive))
        hub.join(stream)
        _make_room(hub, stream)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(stream.hears(), UNTIL_HEARD)
            # From here on, a subscription that comes up has to tell the page to ask again.
            stream.hear()
            await send({"type": "http.response.start", "status": 200, "headers": STREAM})
            if await hub.missed(stream):
                stream.tell(RESYNC)
            stream.tell_first(HELLO)
            with suppress(TimeoutError):
                # TimeoutError: nobody reads.
                while told := await stream.next():
                    async with asyncio.timeout(PATIENCE):
                        await send({"type": "http.response.body", "body": told, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            hub.leave(stream)
            gone.cancel()


async def _close_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    stream.close()


def _make_room(hub: Hub, stream: Stream) -> None:
    """Close one of this person's other streams when there are more than anybody needs."""
    here = hub.streams[stream.admission.person]
    if len(here) > STREAMS_EACH:
        next(other for other in here if other is not stream).close()


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the request's headers; a repeated one, such as HTTP/2's cookies, is put together."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}; {value}" if name in headers else value
    return headers


def _refusal(scope: Scope, headers: dict[str, str]) -> int | None:
    """Return the status for what is refused before anybody is looked up, else None."""
    if scope["path"] != "/live/":
        return 404
    if scope["method"] != "GET":
        return 405
    host = headers.get("host", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return 400
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403
    # Browsers that do not send Sec-Fetch-Site name the origin when it is another one.
    origin = headers.get("origin")
    return 403 if origin is not None and urlsplit(origin).netloc != host else None


async def answer(send: Send, status: int) -> None:
    """Answer with a bare status."""
    headers = [*PRIVATE, *([(b"retry-after", b"5")] if status == 503 else [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
