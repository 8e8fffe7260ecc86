"""Which browsers may be subscribed, and until when."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from couples.clock import database_now
from couples.delivery import retention
from couples.delivery.models.push import DEAD_FOR
from couples.models import DeadEndpoint, Partner, PushGone, PushRefused, PushSubscription
from tests.conftest import ClientOf
from tests.couples.delivery.message_encryption import Receiver, to_text

FIREFOX = "https://updates.push.services.mozilla.com/wpush/v2/gAAA"
KEYS = Receiver.new()


def subscribe(
    client: Client,
    who: Partner,
    *,
    endpoint: str = FIREFOX,
    p256dh: str = to_text(KEYS.public),
    auth: str = to_text(KEYS.auth),
) -> PushSubscription:
    return PushSubscription.subscribe(
        by=who.person,
        session_key=client.session.session_key or "",
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
    )


def test_every_service_is_a_named_host_over_https_at_the_usual_port(settings: Settings) -> None:
    for known in settings.PUSH_SERVICES:
        assert re.fullmatch(r"https://(\*\.)?([a-z]+\.)+com", known)


@pytest.mark.parametrize(
    "endpoint",
    [
        FIREFOX,
        "https://fcm.googleapis.com/fcm/send/abc:APA91b-_x",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://web.push.apple.com/QGuQ",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYA%2bA",
    ],
)
def test_browsers_of_known_services_are_subscribed(
    ana: Partner, client_of: ClientOf, endpoint: str
) -> None:
    kept = subscribe(client_of(ana), ana, endpoint=endpoint)
    assert (kept.endpoint, kept.person) == (endpoint, ana.person)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "fcm.googleapis.com/x",
        "http://fcm.googleapis.com/x",
        "http://fcm.googleapis.com:443/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:0443/x",
        "https://fcm.googleapis.com:4430/x",
        "https://fcm.googleapis.com:443:443/x",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com./x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://notfcm.googleapis.com/x",
        "https://push.apple.com/x",
        "https://evilpush.apple.com/x",
        "https://.push.apple.com/x",
        "https://web.push.apple.com.evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://fcm.googleapis.com:443@evil.example/x",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://evil.example#@fcm.googleapis.com/x",
        "https://evil.example?.push.apple.com/x",
        "https://evil.example/.push.apple.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x\r\nHost: evil.example",
        "https://fcm.googleapis.com/x\n",
        "https://fcm.googleapis.com\t/x",
        "https://fcm.googleapis.com/\0",
        "https://fcm。googleapis.com/x",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_any_other_address_is_refused(ana: Partner, client_of: ClientOf, endpoint: str) -> None:
    with pytest.raises(PushRefused, match="not one we know"):
        subscribe(client_of(ana), ana, endpoint=endpoint)
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", to_text(KEYS.auth)),
        (to_text(KEYS.public), ""),
        (to_text(KEYS.public), to_text(os.urandom(15))),
        (to_text(KEYS.public[:-1] + bytes([KEYS.public[-1] ^ 1])), to_text(KEYS.auth)),
        (to_text(b"\x02" + KEYS.public[1:33]), to_text(KEYS.auth)),
        (to_text(bytes(65)), to_text(KEYS.auth)),
        (to_text(KEYS.public), "sé" + to_text(KEYS.auth)),
        (to_text(KEYS.public), to_text(KEYS.auth) + "\n"),
    ],
    ids=["none", "no secret", "short", "off the curve", "compressed", "zeros", "é", "line"],
)
def test_keys_that_encrypt_nothing_are_refused(
    ana: Partner, client_of: ClientOf, p256dh: str, auth: str
) -> None:
    with pytest.raises(PushRefused, match="keys"):
        subscribe(client_of(ana), ana, p256dh=p256dh, auth=auth)


def test_keys_with_padding_are_the_same_keys(ana: Partner, client_of: ClientOf) -> None:
    kept = subscribe(client_of(ana), ana, auth=to_text(KEYS.auth) + "==")
    assert kept.auth == to_text(KEYS.auth)


def test_signing_out_ends_the_push(ana: Partner, client_of: ClientOf) -> None:
    phone, laptop = client_of(ana), client_of(ana)
    subscribe(phone, ana)
    other = subscribe(laptop, ana, endpoint=FIREFOX + "2")
    phone.logout()
    assert list(PushSubscription.objects.all()) == [other]


def test_ending_a_session_from_elsewhere_ends_its_push(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    subscribe(client, ana)
    Session.objects.filter(pk=client.session.session_key).delete()
    assert not PushSubscription.objects.exists()


def test_a_session_has_one_subscription_the_newest(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    subscribe(client, ana)
    newest = subscribe(client, ana, endpoint=FIREFOX + "2")
    assert list(PushSubscription.objects.all()) == [newest]


def test_the_same_browser_again_is_one_row(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    assert subscribe(client, ana) == subscribe(client, ana)
    assert PushSubscription.objects.count() == 1


def test_a_browser_belongs_to_whoever_signed_in_last(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    first, second = client_of(ana), client_of(ben)
    subscribe(first, ana)
    subscribe(second, ben)
    kept = PushSubscription.objects.get()
    assert (kept.person, kept.session_id) == (ben.person, second.session.session_key)


def test_nobody_subscribes_for_a_session_of_somebody_else(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    with pytest.raises(PushRefused, match="not signed in"):
        subscribe(client_of(ben), ana)
    with pytest.raises(PushRefused, match="not signed in"):
        subscribe(Client(), ana)


def test_where_nobody_is_subscribed_any_more_nobody_is_subscribed_again(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    now = database_now()
    subscribe(client_of(ana), ana)
    DeadEndpoint.bury(FIREFOX, now=now)
    assert not PushSubscription.objects.exists()
    for who in (ana, ben):  # whoever signs in on that browser
        with pytest.raises(PushGone):
            subscribe(client_of(who), who)
    page = client_of(ana).post(
        "/me/reminders/device/",
        {"endpoint": FIREFOX, "p256dh": to_text(KEYS.public), "auth": to_text(KEYS.auth)},
    )
    assert page.status_code == 422
    assert "data-push-gone" in page.content.decode()
    assert "Messages come to this device" not in page.content.decode()
    assert subscribe(client_of(ana), ana, endpoint=f"{FIREFOX}-new").pk is not None


@pytest.mark.django_db
def test_a_dead_endpoint_is_kept_as_a_hash_and_for_ninety_days() -> None:
    now = database_now()
    DeadEndpoint.bury(FIREFOX, now=now)
    assert FIREFOX not in str(list(DeadEndpoint.objects.values()))
    retention.sweep(now=now + DEAD_FOR - timedelta(seconds=1))
    assert DeadEndpoint.knows(FIREFOX)
    retention.sweep(now=now + DEAD_FOR)
    assert not DeadEndpoint.knows(FIREFOX)
