"""The live line, writing side: tell the phones of a couple that something changed.

An event carries names of page parts, never content; the phone asks again through the normal,
checked view. Redis is a convenience here: no request waits for it longer than PATIENCE, and a
page works without it.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.stdlib.get_logger(__name__)

PATIENCE = 0.1
"""Seconds for connecting and again for an answer: together at most 200 ms."""

TRY_AGAIN = 2.0
"""Seconds between tries while Redis does not answer."""

LATELY = 10
"""Seconds for which it is remembered that something was said to a person. A page drawn before it
and a stream opened after it would miss it; such a stream begins with asking for everything."""

OWED = 10_000
"""People remembered while Redis is gone; those beyond see the change when they next look."""

ANCHOR = "hifirst:live"
"""A channel on which nothing is said: it keeps a subscription open when nobody is here."""

NAME = re.compile(r"[a-z][a-z0-9:-]{0,63}")


def channel(person: UUID) -> str:
    """Return the Redis channel that reaches this person's open pages."""
    return f"{ANCHOR}:{person.hex}"


def lately(channel_name: str) -> str:
    """Return the key that stands in Redis while something was said on this channel just now."""
    return f"{channel_name}:lately"


def publish(person_ids: Iterable[UUID], *names: str) -> None:
    """Tell the open pages of these people that what these names stand for has changed.

    Goes out once the transaction has committed, and never fails or holds up the request. A name
    is that of a page part, such as "today" or "repair"; raises ValueError for anything else, so
    that no content slips through.
    """
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(f"not the name of a page part: {name!r}")
    events = {channel(person): {"changed": sorted(names)} for person in person_ids}
    transaction.on_commit(partial(_say, events), robust=True)


def end(person: UUID, session_key: str) -> None:
    """Close the streams of a session that has ended, once the transaction has committed."""
    event = {channel(person): {"ended": [digest(session_key)]}}
    transaction.on_commit(partial(_say, event), robust=True)


def digest(session_key: str) -> str:
    """Return what stands for a session in an event: enough to compare, useless to sign in with."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def session_gone(instance: Session, **_signal: Any) -> None:
    """Close the streams of a deleted session: signed out, ended from the list, or renewed.

    Connected to `post_delete`, because ending another device's session sends no other signal.
    """
    if person := instance.get_decoded().get(SESSION_KEY):
        end(UUID(person), instance.session_key)


class Line:
    """The way out to Redis, shared by all threads of a process.

    When Redis does not answer, events are owed: a thread of its own tries again, so that one
    request at most has waited, and no phone stays behind once Redis is back.
    """

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
        self._lock = threading.Lock()
        self._owed: dict[str, dict[str, set[str]]] = {}
        self._again: threading.Timer | None = None

    def say(self, events: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Send these events (channel, kind, names), or owe them; never raises."""
        with self._lock:
            silent = self._again is not None
            if silent:
                self._owe(events)
        if not silent and not self._send(events):
            log.warning("live line down")
            with self._lock:
                self._owe(events)
                self._try_again()

    def listeners(self) -> int | None:
        """How many live processes listen; None when Redis does not answer."""
        try:
            [(_anchor, count)] = self._redis.pubsub_numsub(ANCHOR)
        except (redis.RedisError, OSError):
            return None
        return int(count)

    def forget(self) -> None:
        """Owe nothing any more and try no more."""
        with self._lock:
            self._owed = {}
            if self._again is not None:
                self._again.cancel()
                self._again = None

    def _send(self, events: Mapping[str, Mapping[str, Iterable[str]]]) -> bool:
        try:
            pipe = self._redis.pipeline(transaction=False)
            for name, event in events.items():
                pipe.set(lately(name), 1, ex=LATELY)
                pipe.publish(name, json.dumps({kind: sorted(said) for kind, said in event.items()}))
            answers = pipe.execute(raise_on_error=False)
        except (redis.RedisError, OSError):
            return False
        # A Redis that is full keeps nothing, and still passes on what is published: owed, it would
        # be told again and again.
        return not any(isinstance(told, Exception) for told in answers[1::2])

    def _owe(self, events: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        for name, event in events.items():
            if name in self._owed or len(self._owed) < OWED:
                kinds = self._owed.setdefault(name, {})
                for kind, said in event.items():
                    kinds.setdefault(kind, set()).update(said)

    def _try_again(self) -> None:
        if self._again is None:
            self._again = threading.Timer(TRY_AGAIN, self._pay)
            self._again.daemon = True
            self._again.start()

    def _pay(self) -> None:
        """Send what is owed; runs on the timer's thread."""
        with self._lock:
            owed, self._owed = self._owed, {}
        paid = self._send(owed)
        with self._lock:
            self._again = None
            if paid:
                log.warning("live line back")
            else:
                self._owe(owed)
            if self._owed:
                self._try_again()


@cache
def line() -> Line:
    """Return this process's way out to Redis."""
    return Line(settings.REDIS_URL)


def _say(events: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
    line().say(events)
