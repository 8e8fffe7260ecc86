"""A server of the live line that was told to stop, and whose event loop did not notice."""

from __future__ import annotations

import asyncio
import signal

import pytest

from couples.live import stream
from couples.live.stream import Live, Message
from tests.waiting import eventually

SOON = 10.0  # seconds


def test_a_signal_that_was_lost_is_given_again_until_the_server_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "INSISTS_AFTER", 0.05)
    noticed: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: noticed.append(number))
    try:
        asyncio.run(_told_once(noticed))
    finally:
        signal.signal(signal.SIGTERM, before)


async def _told_once(noticed: list[int]) -> None:
    live, asked = Live(), asyncio.Queue[Message]()
    said = asyncio.Queue[Message]()
    asked.put_nowait({"type": "lifespan.startup"})
    running = asyncio.create_task(live({"type": "lifespan"}, asked.get, said.put))
    await said.get()
    signal.raise_signal(signal.SIGTERM)
    async with asyncio.timeout(SOON):
        while len(noticed) < 3:
            await asyncio.to_thread(lambda: None)
        assert live.hub.closing
        asked.put_nowait({"type": "lifespan.shutdown"})
        await running
    # It stops now, and is left in peace: a loop later nothing more has come.
    told = len(noticed)
    await asyncio.to_thread(eventually, _Later(4), within=SOON, what="some time goes by")
    assert len(noticed) == told


class _Later:
    def __init__(self, looks: int) -> None:
        self.looks = looks

    def __call__(self) -> bool:
        self.looks -= 1
        return self.looks < 0
