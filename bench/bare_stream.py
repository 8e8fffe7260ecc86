"""The least that a stream can be: raw ASGI, a hello, and a sign of life at each heartbeat."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

HEARTBEAT = float(os.environ.get("LIVE_HEARTBEAT", "15"))
STREAM = [(b"content-type", b"text/event-stream; charset=utf-8")]


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Hold one stream open until the server ends it."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": STREAM})
    said = b"event: hello\ndata: hello\n\n"
    while True:
        await send({"type": "http.response.body", "body": said, "more_body": True})
        said = b": \n\n"
        await asyncio.sleep(HEARTBEAT)
