"""One push message that says that something is waiting, and never what.

The push service sees whom it goes to, when and how long; what is said is encrypted for the
browser (RFC 8291) and is the same sentence every time.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from py_vapid import Vapid02
from pywebpush import WebPusher
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from couples.delivery.models.push import refuse_unknown
from couples.delivery.vapid import contact, key_pair
from couples.live.stream_auth import verified_by
from couples.models import DeadEndpoint, Person, PushRefused, PushSubscription, Reminder

LONGEST_LIFE = timedelta(days=28)
"""The longest that the largest of the push services keeps a message for a phone that is off."""

SIGNED_FOR = timedelta(hours=12)
"""How long our signature is good; RFC 8292 allows a day."""


class Result(enum.Enum):
    """What is certain about a message after the attempt to hand it over."""

    ACCEPTED = enum.auto()
    GONE = enum.auto()  # nobody is subscribed there any more; the subscription is deleted
    FAILED = enum.auto()  # refused, or never written: it did not go out
    AMBIGUOUS = enum.auto()  # it may have been written, and no answer was seen


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from the push service."""

    result: Result
    reason: str
    """For the operator: a kind and a code, never the service's words nor the endpoint."""
    wait: timedelta | None = None
    """How long the service asked us to wait before another attempt, if it did."""

    is_silence: bool = False
    """True when no answer came, whatever that means for the message."""

    @property
    def is_refusal(self) -> bool:
        """True when somebody said no; False when nobody could be asked."""
        return self.result is Result.FAILED and self.reason.startswith(("status", "unknown"))


class Services:
    """What one tick has learnt of the push services: one that is silent is waited for once."""

    def __init__(self) -> None:
        self._away: set[str] = set()

    def is_away(self, subscription: PushSubscription) -> bool:
        """True once the service of this subscription gave no answer in this tick."""
        return urlsplit(subscription.endpoint).netloc in self._away

    def send(self, subscription: PushSubscription, reminder: Reminder, *, now: datetime) -> Answer:
        """Send as `send` does, and remember a service that gives no answer.

        A browser that was signed out while others were being told is gone.
        """
        if not PushSubscription.objects.signed_in(now=now).contains(subscription):
            return Answer(Result.GONE, "signed out meanwhile")
        answer = send(subscription, reminder, now=now)
        if answer.is_silence:
            self._away.add(urlsplit(subscription.endpoint).netloc)
        return answer


def public_key() -> str:
    """Return what a browser subscribes with, or nothing while push is off."""
    pair = key_pair()
    return pair.public if pair else ""


def is_on() -> bool:
    """Say whether this installation has keys to send with."""
    return key_pair() is not None


def subscriptions(person: Person, *, now: datetime) -> list[PushSubscription]:
    """Return the subscriptions of this person whose sessions are good at this instant.

    A session from before the password was changed stays in its table until its browser comes
    back; nothing is pushed to it meanwhile.
    """
    theirs = person.push_subscriptions.signed_in(now=now).select_related("session")
    return [each for each in theirs if verified_by(each.session.get_decoded(), person)]


def topic(reminder: Reminder) -> str:
    """Return the name under which every attempt to keep this promise replaces the one before.

    The 32 characters that RFC 8030, 5.4 allows are just those of a UUID without its dashes.
    """
    return reminder.pk.hex


def send(subscription: PushSubscription, reminder: Reminder, *, now: datetime) -> Answer:
    """Hand one message over to the subscription's push service; say what is certain afterwards.

    A resend of the same promise replaces what still waits at the service, and carries the same
    tag, so that the phone shows one. Raises ImproperlyConfigured when push is off.
    """
    try:
        # Asked again here, because the list may have become shorter since the phone subscribed.
        refuse_unknown(subscription.endpoint)
    except PushRefused:
        return Answer(Result.FAILED, "unknown push service")
    headers = {
        **_signature(subscription.endpoint, now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_seconds(reminder.useful_until - now)),
        "Topic": topic(reminder),
        "Urgency": "normal",
    }
    try:
        status, retry_after = _post(subscription.endpoint, _sealed(subscription, reminder), headers)
    except (requests.RequestException, HTTPError) as error:
        result = Result.AMBIGUOUS if _may_be_written(error) else Result.FAILED
        return Answer(result, type(error).__name__, is_silence=True)
    answer = Answer(_meaning(status), f"status {status}", _wait(retry_after, now=now))
    if answer.result is Result.GONE:
        DeadEndpoint.bury(subscription.endpoint, now=now)
    return answer


def _sealed(subscription: PushSubscription, reminder: Reminder) -> bytes:
    """Encrypt the sentence for the browser; the body is as long for every promise."""
    said = {"title": _("Hi First: something is waiting for you"), "tag": topic(reminder)}
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    pusher = WebPusher({"endpoint": subscription.endpoint, "keys": keys})
    return bytes(pusher.encode(json.dumps(said).encode())["body"])


def _signature(endpoint: str, *, now: datetime) -> dict[str, str]:
    """Return the header by which the service knows who sends."""
    pair = key_pair()
    if pair is None:
        raise ImproperlyConfigured("push is off: there is no VAPID_PRIVATE_KEY")
    at = urlsplit(endpoint)
    claims = {
        "aud": f"{at.scheme}://{at.netloc}",
        "exp": int((now + SIGNED_FOR).timestamp()),
        "sub": contact(),
    }
    return dict(Vapid02.from_string(pair.private).sign(claims))


def _post(endpoint: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Send the request and return the status and Retry-After; the answer's body is not read.

    A redirect is an answer like any other: following it would lead past the list of services.
    """
    with requests.Session() as session:
        # Proxies and passwords lying about in the environment are not meant for this.
        session.trust_env = False
        with session.post(
            endpoint,
            data=body,
            headers=headers,
            timeout=settings.PUSH_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            return response.status_code, response.headers.get("Retry-After", "")


def _may_be_written(error: Exception) -> bool:
    """False only when there was no connection to write to; any doubt counts as written."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))


def _meaning(status: int) -> Result:
    match status:
        case 404 | 410:
            return Result.GONE
        case _ if 200 <= status < 300:
            return Result.ACCEPTED
        case _:
            return Result.FAILED


def _wait(retry_after: str, *, now: datetime) -> timedelta | None:
    """Read Retry-After, which is seconds or a date (RFC 9110, 10.2.3); nonsense is no answer."""
    if re.fullmatch(r"[0-9]{1,7}", retry_after):
        return timedelta(seconds=int(retry_after))
    try:
        until = parsedate_to_datetime(retry_after).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return max(until - now, timedelta(0))


def _seconds(left: timedelta) -> int:
    """Return whole seconds of life: none when the time is over (now or never), 28 days at most."""
    return int(max(timedelta(0), min(left, LONGEST_LIFE)).total_seconds())
