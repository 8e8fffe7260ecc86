"""What is sent twice is answered as if it had been sent once.

Two taps in a hurry send one form of one page twice, and the browser shows what the second was
answered: `OneAnswer` lets the second wait for the first and gives it the same answer. Somebody who
goes back and sends the same words again has a page that was drawn anew, with another key:
`sent_once` gives those words the key with which they went out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from couples.clock import database_now

View = Callable[..., HttpResponse]

ANSWER_LASTS = 60
"""Seconds for which the answer to a form is kept: longer than anybody taps, or a phone retries."""

WAITS_FOR = 20.0
"""Seconds for which a second tap waits for the answer to the first before it goes on alone."""

WORDS_LAST = 3600
"""Seconds for which the same words from the same browser are what was sent already."""

CLOCKS_DIFFER = timedelta(hours=3)
"""What is over by the database's clock may be in force by that of a process that wrote it."""

REMEMBERED = 20
"""Sent forms that a session remembers."""

TOKEN, KEY, SENT = "csrfmiddlewaretoken", "client_key", "sent"

# --- Two taps on one page --------------------------------------------------------------------


class OneAnswer:
    """Answers one form of one page once, however often and however quickly it arrives.

    The token in a form is another one on every page that is drawn, so that the same bytes with the
    same cookies are the same tap. What is sent by htmx has a key of its own and is left alone, and
    so is leaving quickly, which waits for nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or give the answer that the same tap was given a moment ago."""
        tap = _tap(request)
        if tap is None:
            return self.get_response(request)
        with _one_at_a_time(tap):
            if kept := _kept(tap):
                return kept
            response = self.get_response(request)
            if isinstance(response, HttpResponse) and response.status_code < 500:
                _keep(tap, response)
            return response


def _tap(request: HttpRequest) -> bytes | None:
    """Return what stands for this tap, or None for a request that is no form of a page of ours."""
    if request.method != "POST" or "HX-Request" in request.headers:
        return None
    if request.path == reverse("leave_quickly") or TOKEN.encode() not in request.body:
        return None
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    cookies = [request.COOKIES.get(name, "") for name in names]
    if not any(cookies):
        return None
    told = "\n".join([request.get_full_path(), *cookies]).encode() + b"\n" + request.body
    return salted_hmac("couples.repeats", told, algorithm="sha256").digest()


@contextmanager
def _one_at_a_time(tap: bytes) -> Iterator[None]:
    """Hold the tap while it is answered; one that waits too long goes on all the same."""
    number = int.from_bytes(tap[:8], signed=True)
    deadline = time.monotonic() + WAITS_FOR
    while not (held := _ask("SELECT pg_try_advisory_lock(%s)", number)):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    try:
        yield
    finally:
        # With a connection that is lost, the lock is gone as well.
        with suppress(DatabaseError, transaction.TransactionManagementError):
            if held:
                _ask("SELECT pg_advisory_unlock(%s)", number)


def _ask(question: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [number])
        return bool(cursor.fetchone()[0])


def _keep(tap: bytes, response: HttpResponse) -> None:
    """Keep an answer for a moment, readable only for who sends the same tap again.

    The key is made of the tap itself: what lies in the cache opens with nothing else we have.
    """
    answer = {
        "status": response.status_code,
        "headers": [*response.items()],
        "cookies": [each.OutputString() for each in response.cookies.values()],
        "body": base64.b64encode(response.content).decode(),
    }
    sealed = _seal(tap).encrypt(zlib.compress(json.dumps(answer).encode()))
    with suppress(DatabaseError):
        cache.set(_name(tap), sealed, ANSWER_LASTS)


def _kept(tap: bytes) -> HttpResponse | None:
    if (sealed := cache.get(_name(tap))) is None:
        return None
    answer = json.loads(zlib.decompress(_seal(tap).decrypt(sealed)))
    body = base64.b64decode(answer["body"])
    response = HttpResponse(body, status=answer["status"], headers=dict(answer["headers"]))
    for each in answer["cookies"]:
        response.cookies.load(each)
    return response


def _seal(tap: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"opens " + tap).digest()))


def _name(tap: bytes) -> str:
    return "answer:" + hashlib.sha256(b"names " + tap).hexdigest()


def sweep(*, now: datetime | None = None) -> None:
    """Delete what lies in the cache past its time; Django does so only once the cache is full."""
    with connection.cursor() as cursor:
        over = (now or database_now()) - CLOCKS_DIFFER
        cursor.execute("DELETE FROM cache WHERE expires < %s", [over])


# --- The same words once more ----------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What this browser has sent: a print of the words, their key, and where that led, when."""

    words: str
    key: str
    led: str
    at: float

    @classmethod
    def by(cls, request: HttpRequest) -> list[Sent]:
        """Return what this session remembers, oldest first."""
        return [cls(*each) for each in request.session.get(SENT, [])]


def sent_once(view: View) -> View:
    """Let words that this browser sent to `view` a while ago be what they were then.

    They get the key with which they went out, so that the verb finds what it made; what has been
    thrown away since is made again. Changed words under a key that was used are new words. What a
    first tap has deleted leads where it led.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        earlier, words = Sent.by(request), _print(request)
        same = next((each for each in earlier if each.words == words), None)
        if same and time.time() - same.at > WORDS_LAST:
            same = None
        key = _choose_key(request, same, earlier)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            if same is None or not same.led:
                raise
            return HttpResponseRedirect(same.led)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            led = Sent(words, key, response.get("Location", ""), time.time())
            others = [each for each in earlier if each.words != words]
            request.session[SENT] = [astuple(each) for each in [*others, led][-REMEMBERED:]]
        return response

    return once


def _print(request: HttpRequest) -> str:
    """Return what stands for the words and where they were sent, and gives neither away."""
    fields = sorted(
        (name, texts) for name, texts in request.POST.lists() if name not in {TOKEN, KEY}
    )
    told = json.dumps([request.get_full_path(), fields])
    return salted_hmac("couples.repeats.sent", told, algorithm="sha256").hexdigest()[:32]


def _choose_key(request: HttpRequest, same: Sent | None, earlier: list[Sent]) -> str:
    """Put the key that belongs to the words into the form, if it has one, and return it."""
    key = request.POST.get(KEY, "")
    if not key:
        return ""
    if same:
        key = same.key
    elif any(each.key == key for each in earlier):
        key = str(uuid.uuid4())
    typed = request.POST.copy()
    typed[KEY] = key
    request.POST = typed  # type: ignore[assignment] # as views take it
    return key
