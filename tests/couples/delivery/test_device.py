"""Turning push on and off on a device, and what the page says about it."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from pytest_django import Settings

from couples.delivery.models.preference import Way
from couples.models import Partner, Preference, PushSubscription
from tests.conftest import ClientOf
from tests.couples.delivery.devices import subscribe
from tests.couples.delivery.message_encryption import Receiver, to_text
from tests.couples.delivery.push_service import BROKEN, PushService
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("push_keys")]

HERE = "/me/reminders/device/"
HINT = "You chose push, and no device takes it now."


def said(service: PushService, receiver: Receiver) -> dict[str, str]:
    return {
        "endpoint": f"{service.origin}/send/1",
        "p256dh": to_text(receiver.public),
        "auth": to_text(receiver.auth),
    }


@pytest.fixture
def receiver() -> Receiver:
    return Receiver.new()


@pytest.fixture
def client(ana: Partner, client_of: ClientOf) -> Client:
    return client_of(ana)


def page(client: Client) -> str:
    return client.get("/me/reminders/").content.decode()


def test_a_device_is_turned_on_tried_and_turned_off(
    client: Client, service: PushService, receiver: Receiver
) -> None:
    assert "A message can appear on this device" in page(client)
    answer = client.post(HERE, said(service, receiver))
    assert "Messages come to this device" in answer.content.decode()
    tried = client.post("/me/reminders/now/", {"way": "push"}, follow=True).content.decode()
    assert "The push service has taken it." in tried
    (request,) = service.arrived
    assert json.loads(receiver.read(request.body))["title"].endswith("something is waiting for you")
    client.post("/me/reminders/device/removal/")
    assert not PushSubscription.objects.exists()
    assert "A message can appear on this device" in page(client)


def test_saying_it_again_keeps_one(
    client: Client, service: PushService, receiver: Receiver
) -> None:
    for _time in range(2):
        assert client.post(HERE, said(service, receiver)).status_code == 200
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize("field", ["endpoint", "p256dh", "auth"])
def test_what_no_browser_sends_is_refused_in_words(
    client: Client, service: PushService, receiver: Receiver, field: str
) -> None:
    answer = client.post(HERE, {**said(service, receiver), field: "https://10.0.0.1/x"})
    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()
    assert not PushSubscription.objects.exists()


def test_a_host_that_no_name_service_knows_is_refused(
    client: Client, service: PushService, receiver: Receiver, settings: Settings
) -> None:
    settings.PUSH_SERVICES = ["https://*.push.apple.com"]
    for label, status in (("a" * 64, 422), ("-a", 422), ("a-", 422), ("a" * 63, 200)):
        endpoint = f"https://{label}.push.apple.com/x"
        answer = client.post(HERE, {**said(service, receiver), "endpoint": endpoint})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "It was refused, and will not arrive."),
        (410, "This device takes no push messages now. Nothing was sent."),
        (BROKEN, "It may arrive or not; nobody can know."),
    ],
)
def test_trying_it_does_not_pretend(
    client: Client, service: PushService, receiver: Receiver, status: int, words: str
) -> None:
    client.post(HERE, said(service, receiver))
    service.status = status
    assert words in client.post("/me/reminders/now/", {"way": "push"}, follow=True).content.decode()


def test_another_device_is_counted_and_not_named(
    ana: Partner, client: Client, service: PushService, receiver: Receiver
) -> None:
    subscribe(ana.person, receiver, f"{service.origin}/send/2")
    assert "Another device of yours takes messages. This one does not." in page(client)


def test_whoever_chose_push_hears_at_sign_in_that_no_device_takes_it(
    ana: Partner, service: PushService, receiver: Receiver
) -> None:
    login = {"login": ana.person.email, "password": PASSWORD}
    assert HINT not in Client().post("/accounts/login/", login, follow=True).content.decode()
    Preference.choose(ana.person, "ritual", Way.PUSH)
    assert HINT in Client().post("/accounts/login/", login, follow=True).content.decode()
    subscribe(ana.person, receiver, f"{service.origin}/send/2")
    assert HINT not in Client().post("/accounts/login/", login, follow=True).content.decode()


def test_the_worker_of_the_page_lies_at_the_top_and_keeps_nothing(client: Client) -> None:
    answer = client.get("/sw.js")
    script = answer.content.decode()
    assert answer["Content-Type"] == "text/javascript"
    assert "showNotification" in script
    assert "cache" not in script.lower()
    assert "fetch" not in script
