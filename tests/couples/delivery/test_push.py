"""What a push service gets from us, and what we make of its answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config.servers.programs import free_port
from couples.clock import database_now
from couples.delivery import push
from couples.delivery.push import Result, Services, send
from couples.models import Person, PushSubscription, Reminder
from tests.couples.delivery.devices import subscribe
from tests.couples.delivery.message_encryption import CURVE, Receiver, from_text
from tests.couples.delivery.promises import promise
from tests.couples.delivery.push_service import BROKEN, PushService

HOUR = timedelta(hours=1)


pytestmark = pytest.mark.usefixtures("push_keys")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver.new()


@pytest.fixture
def subscription(service: PushService, receiver: Receiver, dora: Person) -> PushSubscription:
    return subscribe(dora, receiver, f"{service.origin}/send/1")


@pytest.fixture
def reminder(dora: Person) -> Reminder:
    return promise(dora)


def kept(subscription: PushSubscription) -> bool:
    return PushSubscription.objects.filter(pk=subscription.pk).exists()


# --- What is on the wire ---------------------------------------------------------------------


def test_the_browser_reads_one_sentence_and_no_word_of_anybody(
    service: PushService, receiver: Receiver, subscription: PushSubscription, reminder: Reminder
) -> None:
    assert send(subscription, reminder, now=database_now()).result is Result.ACCEPTED
    (request,) = service.arrived
    assert request.path == "/send/1"
    assert json.loads(receiver.read(request.body)) == {
        "title": "Hi First: something is waiting for you",
        "tag": reminder.pk.hex,
    }


def test_the_service_is_told_how_to_treat_it_and_nothing_more(
    service: PushService, subscription: PushSubscription, reminder: Reminder
) -> None:
    send(subscription, reminder, now=reminder.useful_until - HOUR)
    headers = service.arrived[0].headers
    assert headers["TTL"] == "3600"
    assert headers["Urgency"] == "normal"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Topic"] == push.topic(reminder)
    assert headers.get("Cookie") is None
    assert "dora" not in str(headers).lower()


def test_a_resend_has_the_same_topic_and_is_encrypted_anew(
    service: PushService, receiver: Receiver, subscription: PushSubscription, reminder: Reminder
) -> None:
    for _ in range(2):
        send(subscription, reminder, now=database_now())
    send(subscription, promise(reminder.person), now=database_now())
    first, again, other = service.arrived
    assert first.headers["Topic"] == again.headers["Topic"] != other.headers["Topic"]
    assert len(first.headers["Topic"]) <= 32
    assert receiver.read(first.body) == receiver.read(again.body)
    assert first.body != again.body
    assert len(first.body) == len(other.body)


@pytest.mark.parametrize(
    ("left", "told"), [(-HOUR, "0"), (timedelta(days=400), str(28 * 24 * 3600))]
)
def test_a_life_is_never_negative_nor_longer_than_services_take(
    service: PushService,
    subscription: PushSubscription,
    reminder: Reminder,
    left: timedelta,
    told: str,
) -> None:
    send(subscription, reminder, now=reminder.useful_until - left)
    assert service.arrived[0].headers["TTL"] == told


def test_the_signature_is_ours_for_this_service_alone(
    service: PushService, subscription: PushSubscription, reminder: Reminder, settings: Settings
) -> None:
    """RFC 8292, 2 and 3: an ES256 token and the key to check it with."""
    now = database_now()
    send(subscription, reminder, now=now)
    scheme, _, said = service.arrived[0].headers["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in said.split(","))
    assert (scheme, parts["k"]) == ("vapid", settings.VAPID_PUBLIC_KEY)
    signed, _, signature = parts["t"].rpartition(".")
    r, s = from_text(signature)[:32], from_text(signature)[32:]
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_text(parts["k"]))
    both = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    key.verify(both, signed.encode(), ec.ECDSA(SHA256()))
    head, claims = (json.loads(from_text(part)) for part in signed.split("."))
    assert head["alg"] == "ES256"
    assert claims["aud"] == service.origin
    assert claims["sub"] == "mailto:hello@hifirst.example"
    assert timedelta(0) < datetime.fromtimestamp(claims["exp"], UTC) - now <= timedelta(days=1)


# --- What the answer means -------------------------------------------------------------------


def test_what_was_accepted_keeps_the_subscription(
    subscription: PushSubscription, reminder: Reminder
) -> None:
    answer = send(subscription, reminder, now=database_now())
    assert (answer.result, answer.reason) == (Result.ACCEPTED, "status 201")
    assert kept(subscription)


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_deleted(
    service: PushService, subscription: PushSubscription, reminder: Reminder, status: int
) -> None:
    service.status = status
    assert send(subscription, reminder, now=database_now()).result is Result.GONE
    assert not kept(subscription)


@pytest.mark.parametrize("status", [400, 403, 413, 429, 500, 503])
def test_a_refusal_is_certain_and_keeps_the_subscription(
    service: PushService, subscription: PushSubscription, reminder: Reminder, status: int
) -> None:
    service.status = status
    answer = send(subscription, reminder, now=database_now())
    assert (answer.result, answer.reason) == (Result.FAILED, f"status {status}")
    assert kept(subscription)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("90", timedelta(seconds=90)),
        ("Tue, 24 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 24 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("9" * 400, None),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
    ],
)
def test_a_service_can_ask_us_to_wait(
    service: PushService,
    subscription: PushSubscription,
    reminder: Reminder,
    said: str,
    wait: timedelta | None,
) -> None:
    service.status, service.extra = 429, {"Retry-After": said}
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert send(subscription, reminder, now=now).wait == wait


def test_a_redirect_is_not_followed(
    service: PushService, subscription: PushSubscription, reminder: Reminder
) -> None:
    service.status, service.extra = 307, {"Location": f"{service.origin}/elsewhere"}
    assert send(subscription, reminder, now=database_now()).result is Result.FAILED
    assert [request.path for request in service.arrived] == ["/send/1"]


def test_silence_after_the_request_is_ambiguous(
    service: PushService, subscription: PushSubscription, reminder: Reminder, settings: Settings
) -> None:
    settings.PUSH_TIMEOUT = 2
    service.goes_on.clear()
    assert send(subscription, reminder, now=database_now()).result is Result.AMBIGUOUS
    assert len(service.arrived) == 1
    assert kept(subscription)


def test_a_line_cut_after_the_request_is_ambiguous(
    service: PushService, subscription: PushSubscription, reminder: Reminder
) -> None:
    service.status = BROKEN
    assert send(subscription, reminder, now=database_now()).result is Result.AMBIGUOUS
    assert len(service.arrived) == 1


def test_nobody_there_has_failed_for_certain(
    receiver: Receiver, dora: Person, reminder: Reminder, settings: Settings
) -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    settings.PUSH_SERVICES = (origin,)
    subscription = subscribe(dora, receiver, f"{origin}/send/1")
    assert send(subscription, reminder, now=database_now()).result is Result.FAILED


def test_a_service_that_is_not_known_any_more_gets_nothing(
    service: PushService, subscription: PushSubscription, reminder: Reminder, settings: Settings
) -> None:
    settings.PUSH_SERVICES = ("https://fcm.googleapis.com",)
    answer = send(subscription, reminder, now=database_now())
    assert (answer.result, answer.reason) == (Result.FAILED, "unknown push service")
    assert not service.arrived


def test_proxies_of_the_environment_see_nothing(
    service: PushService,
    subscription: PushSubscription,
    reminder: Reminder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert send(subscription, reminder, now=database_now()).result is Result.ACCEPTED


# --- To whom ---------------------------------------------------------------------------------


def test_only_sessions_that_are_good_are_pushed_to(
    subscription: PushSubscription, dora: Person
) -> None:
    now = database_now()
    assert push.subscriptions(dora, now=now) == [subscription]
    assert not push.subscriptions(dora, now=now + timedelta(days=61))
    dora.set_password("another one altogether")
    dora.save()
    assert not push.subscriptions(dora, now=now)


# --- Keys ------------------------------------------------------------------------------------


def test_without_keys_push_is_off(
    service: PushService, subscription: PushSubscription, reminder: Reminder, settings: Settings
) -> None:
    settings.VAPID_PRIVATE_KEY = settings.VAPID_PUBLIC_KEY = ""
    assert not push.is_on()
    with pytest.raises(ImproperlyConfigured, match="push is off"):
        send(subscription, reminder, now=database_now())
    assert not service.arrived


def test_a_browser_signed_out_while_others_are_told_is_told_nothing(
    service: PushService, subscription: PushSubscription, reminder: Reminder
) -> None:
    subscription.session.delete()
    answer = Services().send(subscription, reminder, now=database_now())
    assert (answer.result, service.arrived) == (Result.GONE, [])
