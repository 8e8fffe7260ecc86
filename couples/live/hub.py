"""All open streams of one process, and the one subscription that feeds them.

A stream costs no thread and no connection of its own: one Redis connection carries the channels
of everybody who is here, and one database query a heartbeat asks for all of them at once.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import redis.asyncio as redis
import structlog
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from couples.live.event_queue import BEAT, RESYNC, Stream, changed
from couples.live.publisher import ANCHOR, channel, digest, lately
from couples.live.stream_auth import Admission, admit, ask, still_admitted

log = structlog.stdlib.get_logger(__name__)

HEARTBEAT = settings.LIVE_HEARTBEAT
"""Seconds between two heartbeats: the longest that a stream outlives the right to it."""

SPREAD = 0.5
"""Part of a heartbeat over which its signs of life are spread."""

RESYNCS = 200
"""Phones a second that are told to ask for everything, so that they do not all come at once."""

UNCHECKED = 2
"""Heartbeats without an answer from the database after which all streams are closed."""

DATABASE_WITHIN = 5.0
"""Seconds for the database to say who may listen. One that says nothing raises nothing either."""

THREADS = 4
"""Database connections of the live line, whatever the number of streams."""

LONGEST_WAIT = 5.0
"""Seconds between two tries to reach Redis, at most."""

ANSWERS_WITHIN = 0.5
"""Seconds for Redis to say whether something was said lately."""


class Hub:
    """The streams of this process. Made, fed and closed on one event loop."""

    def __init__(self) -> None:
        self.streams: dict[UUID, set[Stream]] = {}
        self.closing = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._moved = asyncio.Event()
        self._client: redis.Redis | None = None
        self._heard: set[UUID] = set()
        self._linked = False
        self._unchecked = 0
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._beat())]

    def __len__(self) -> int:
        return sum(map(len, self.streams.values()))

    async def admit(self, session_key: str) -> Admission | None:
        """Ask the database whether this session may listen; TimeoutError when it does not say."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(DATABASE_WITHIN):
            return await loop.run_in_executor(self._threads, ask, admit, session_key)

    def join(self, stream: Stream) -> None:
        """Feed this stream from now on; it hears once nothing can be missed."""
        self.streams.setdefault(stream.admission.person, set()).add(stream)
        if stream.admission.person in self._heard:
            stream.hear()
        self._moved.set()

    async def missed(self, stream: Stream) -> bool:
        """True when something was said so lately that the page may be older than it."""
        if self._client is None:
            return False
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                return bool(await self._client.exists(lately(channel(stream.admission.person))))
        except (redis.RedisError, OSError, TimeoutError):
            # Without Redis nothing was said either; the next heartbeats ask by themselves.
            return False

    def leave(self, stream: Stream) -> None:
        """Forget this stream."""
        here = self.streams.get(stream.admission.person, set())
        here.discard(stream)
        if not here:
            self.streams.pop(stream.admission.person, None)
        self._moved.set()

    def close_streams(self) -> None:
        """End all streams and admit no more; phones come back to the process that takes over."""
        self.closing = True
        for stream in self._all():
            stream.close()

    async def close(self) -> None:
        """End everything."""
        self.close_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _all(self) -> list[Stream]:
        return [stream for here in self.streams.values() for stream in here]

    # --- Redis -------------------------------------------------------------------------------

    async def _follow(self) -> None:
        """Keep the subscription up for as long as the process lives."""
        wait = 0.25
        while True:
            try:
                await self._subscribe()
            except* (redis.RedisError, OSError) as lost:
                kinds = sorted({type(error).__name__ for error in lost.exceptions})
                log.warning("live line down", errors=kinds)
            except* Exception:
                log.exception("live line broken")
            wait = 0.25 if self._linked else min(wait * 2, LONGEST_WAIT)
            self._linked = False
            self._client = None
            self._heard = set()
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - spreads load

    async def _subscribe(self) -> None:
        """Listen on one connection until it is lost; raises what it was lost by."""
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=2,
            protocol=2,
        )
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(ANCHOR)
            self._client = client
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(subscription))
                both.create_task(self._choose(subscription))

    async def _choose(self, subscription: redis.client.PubSub) -> None:
        """Subscribe to those who are here, and to nobody else."""
        asked: set[UUID] = set()
        while True:
            wanted = set(self.streams)
            if new := wanted - asked:
                await subscription.subscribe(*map(channel, new))
            if gone := asked - wanted:
                self._heard -= gone
                await subscription.unsubscribe(*map(channel, gone))
            asked = wanted
            await self._moved.wait()
            self._moved.clear()

    async def _listen(self, subscription: redis.client.PubSub) -> None:
        """Take what arrives; a connection silent over a whole heartbeat has to answer a ping."""
        pinged = False
        while True:
            said = await subscription.get_message(timeout=HEARTBEAT)
            if said is not None:
                pinged = False
                self._take(said)
            elif pinged:
                raise redis.ConnectionError("no answer to a ping")
            else:
                pinged = True
                await subscription.ping()

    def _take(self, said: dict[str, object]) -> None:
        where = said["channel"].decode() if isinstance(said["channel"], bytes) else ""
        if said["type"] == "subscribe" and where == ANCHOR:
            self._linked = True
        elif said["type"] == "subscribe":
            self._now_heard(_person(where))
        elif said["type"] == "message" and where != ANCHOR and isinstance(said["data"], bytes):
            event = json.loads(said["data"])
            for stream in list(self.streams.get(_person(where), ())):
                for name in event.get("changed", ()):
                    stream.tell(changed(name))
                if digest(stream.admission.session_key) in event.get("ended", ()):
                    stream.close()

    def _now_heard(self, person: UUID) -> None:
        self._heard.add(person)
        for stream in self.streams.get(person, ()):
            if stream.heard:
                # It was here before the connection was: something may have been missed.
                wait = random.uniform(0, len(self) / RESYNCS)  # noqa: S311 - spreads load
                asyncio.get_running_loop().call_later(wait, stream.tell, RESYNC)
            stream.hear()

    # --- Heartbeat ---------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Every HEARTBEAT: close who may no longer listen, and let the others know we are here."""
        for beat in itertools.count():
            await asyncio.sleep(HEARTBEAT * (1 - SPREAD))
            await self._check()
            # Without Redis nothing arrives by itself: pages ask every other heartbeat.
            event = RESYNC if not self._linked and beat % 2 else BEAT
            # All at once, thousands of signs of life would hold up somebody's real news.
            batches = list(itertools.batched(self._all(), 50))
            for batch in batches:
                for stream in batch:
                    stream.tell(event)
                await asyncio.sleep(HEARTBEAT * SPREAD / len(batches))
            if not batches:
                await asyncio.sleep(HEARTBEAT * SPREAD)

    async def _check(self) -> None:
        """Ask for all streams at once; without an answer for long, nobody stays."""
        here = self._all()
        if not here:
            return
        asked = [stream.admission for stream in here]
        try:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(DATABASE_WITHIN):
                stay = await loop.run_in_executor(self._threads, ask, still_admitted, asked)
            self._unchecked = 0
        except Exception:
            # Whatever is wrong with the question, an unanswered one must not keep doors open.
            log.exception("live line unchecked", streams=len(here))
            self._unchecked += 1
            stay = {each.session_key for each in asked} if self._unchecked < UNCHECKED else set()
        for stream in here:
            if stream.admission.session_key not in stay:
                stream.close()


def _person(where: str) -> UUID:
    """Return whose channel this is."""
    return UUID(where.removeprefix(f"{ANCHOR}:"))
