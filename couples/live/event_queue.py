"""What waits to be told to one open page, and the words of it.

There are thousands of these in a process: what one holds for hours is kept small.
"""

from __future__ import annotations

import asyncio

from couples.live.stream_auth import Admission

FULL = 32
"""Names that can wait for a slow phone; beyond that it is told to ask for everything."""

BEAT = b": \n\n"
HELLO = b"retry: 3000\nevent: hello\ndata: hello\n\n"
RESYNC = b"event: resync\ndata: resync\n\n"


def changed(name: str) -> bytes:
    """Return the event that says that what `name` stands for has changed."""
    return b"event: changed\ndata: " + name.encode() + b"\n\n"


class Stream:
    """What waits to be told to one open page: each thing once, however often it happened."""

    __slots__ = ("_wakes", "admission", "closed", "heard", "waiting")

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.waiting: dict[bytes, None] = {}
        self.heard = False
        self.closed = False
        # One future while its task sleeps: two events would weigh more than all the rest.
        self._wakes: asyncio.Future[None] | None = None

    def tell(self, event: bytes) -> None:
        """Have the page told this; a page too slow to keep up asks for everything instead."""
        if len(self.waiting) >= FULL:
            self.waiting = {RESYNC: None}
        self.waiting[event] = None
        self._wake()

    def tell_first(self, event: bytes) -> None:
        """Have the page told this before anything that waits already."""
        self.waiting = {event: None, **self.waiting}
        self._wake()

    def hear(self) -> None:
        """Note that from here on nothing said to this person can be missed."""
        self.heard = True
        self._wake()

    def close(self) -> None:
        """End the stream, whatever still waits."""
        self.closed = True
        self._wake()

    async def hears(self) -> None:
        """Wait until nothing can be missed, or the stream has ended."""
        while not (self.heard or self.closed):
            await self._sleep()

    async def next(self) -> bytes:
        """Wait for something to tell and return it, or nothing when the stream has ended."""
        while not (self.waiting or self.closed):
            await self._sleep()
        told, self.waiting = b"".join(self.waiting), {}
        return b"" if self.closed else told

    def _sleep(self) -> asyncio.Future[None]:
        self._wakes = asyncio.get_running_loop().create_future()
        return self._wakes

    def _wake(self) -> None:
        if self._wakes is not None and not self._wakes.done():
            self._wakes.set_result(None)
