"""One promise that is kept by push: to which devices, how often, and what is known afterwards."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from pytest_django import Settings

from couples.clock import database_now
from couples.delivery import claim, turn
from couples.delivery.mail import Post
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Delivery, Stage
from couples.delivery.turn import ATTEMPTS, Turn
from couples.models import Person, Preference, PushSubscription, Reminder
from tests.couples.delivery.devices import subscribe
from tests.couples.delivery.message_encryption import Receiver
from tests.couples.delivery.promises import (
    KIND,
    MINUTE,
    Plan,
    lease_over,
    left_behind,
    outcome,
    promise,
    stages,
)
from tests.couples.delivery.push_service import BROKEN, PushService
from tests.couples.delivery.sink import Sink

pytestmark = pytest.mark.usefixtures("push_keys", "plan")

PHONE, TABLET = "/send/phone", "/send/tablet"


@pytest.fixture
def phone(dora: Person, service: PushService) -> PushSubscription:
    Preference.choose(dora, KIND, Way.PUSH)
    return subscribe(dora, Receiver.new(), f"{service.origin}{PHONE}")


@pytest.fixture
def tablet(phone: PushSubscription, dora: Person, service: PushService) -> PushSubscription:
    return subscribe(dora, Receiver.new(), f"{service.origin}{TABLET}")


def paths(service: PushService) -> list[str]:
    return [request.path for request in service.arrived]


def attempts(reminder: Reminder, ticks: int = 1) -> None:
    """Let every pause be over at once."""
    for _tick in range(ticks):
        lease_over(reminder)
        claim.tick()


@pytest.mark.usefixtures("tablet")
def test_every_device_that_is_signed_in_is_told_once_and_no_mail_goes_out(
    dora: Person, service: PushService, sink: Sink
) -> None:
    due = promise(dora)
    claim.tick()
    claim.tick()
    assert sorted(paths(service)) == [PHONE, TABLET]
    assert (outcome(due), stages(due), sink.arrived) == ("sent", ["sent"], [])
    (delivery,) = due.deliveries.all()
    assert (delivery.channel, len(delivery.reached)) == ("push", 2)
    assert delivery.provider_id == due.pk.hex


@pytest.mark.usefixtures("tablet")
def test_a_device_that_was_told_is_left_alone_by_the_next_attempt(
    dora: Person, service: PushService
) -> None:
    service.at = {TABLET: 500}
    due = promise(dora)
    claim.tick()
    assert (outcome(due), stages(due)) == ("", ["failed"])
    service.at = {}
    attempts(due)
    assert sorted(paths(service)) == [PHONE, TABLET, TABLET]
    assert (outcome(due), stages(due)) == ("sent", ["failed", "sent"])


@pytest.mark.usefixtures("tablet")
def test_somebody_who_was_told_on_one_device_was_told(dora: Person, service: PushService) -> None:
    service.at = {TABLET: 500}
    due = promise(dora)
    attempts(due, ATTEMPTS)
    assert paths(service).count(PHONE) == 1
    assert (outcome(due), paths(service).count(TABLET)) == ("sent", ATTEMPTS)


@pytest.mark.usefixtures("phone")
def test_a_service_that_keeps_refusing_is_asked_eight_times_and_no_more(
    dora: Person, service: PushService
) -> None:
    service.status = 500
    due = promise(dora)
    attempts(due, ATTEMPTS + 2)
    assert (outcome(due), len(service.arrived)) == ("failed", ATTEMPTS)


@pytest.mark.usefixtures("phone")
def test_a_service_that_asks_for_time_gets_it(dora: Person, service: PushService) -> None:
    service.status, service.extra = 429, {"Retry-After": "1800"}
    due = promise(dora)
    claim.tick()
    until = Reminder.objects.get(pk=due.pk).lease_until
    assert until is not None
    assert timedelta(minutes=29) < until - database_now() <= timedelta(minutes=30)


def test_a_device_that_is_gone_is_forgotten_and_the_promise_waits_for_another(
    dora: Person, phone: PushSubscription, service: PushService
) -> None:
    service.status = 410
    due = promise(dora)
    claim.tick()
    assert not PushSubscription.objects.filter(pk=phone.pk).exists()
    attempts(due)
    assert (outcome(due), len(service.arrived), stages(due)) == ("", 1, ["failed"])
    service.status = 201
    subscribe(dora, Receiver.new(), f"{service.origin}{TABLET}")
    attempts(due)
    assert (outcome(due), paths(service)) == ("sent", [PHONE, TABLET])


def test_without_a_device_nothing_goes_by_mail_instead_and_it_lapses(
    dora: Person, phone: PushSubscription, service: PushService, sink: Sink
) -> None:
    Session.objects.filter(pk=phone.session_id).delete()  # signed out
    due = promise(dora)
    claim.tick()
    assert (outcome(due), stages(due)) == ("", [])
    Reminder.objects.filter(pk=due.pk).update(useful_until=database_now())
    attempts(due)
    assert (outcome(due), service.arrived, sink.arrived) == ("lapsed", [], [])


@pytest.mark.usefixtures("phone")
def test_an_installation_without_keys_sends_no_push(
    dora: Person, service: PushService, settings: Settings
) -> None:
    settings.VAPID_PRIVATE_KEY = settings.VAPID_PUBLIC_KEY = ""
    due = promise(dora)
    claim.tick()
    assert (outcome(due), service.arrived) == ("", [])


@pytest.mark.usefixtures("phone")
def test_a_push_whose_worker_was_lost_after_handing_is_sent_again_under_its_topic(
    dora: Person, service: PushService
) -> None:
    due = promise(dora)
    left = left_behind(due, Stage.HANDED)
    Delivery.objects.filter(pk=left.pk).update(channel="push")
    claim.tick()
    assert (outcome(due), stages(due)) == ("sent", ["ambiguous", "sent"])
    assert [request.headers["Topic"] for request in service.arrived] == [due.pk.hex]


def test_after_a_loss_only_the_devices_not_yet_told_are_told(
    dora: Person, phone: PushSubscription, tablet: PushSubscription, service: PushService
) -> None:
    due = promise(dora)
    left = left_behind(due, Stage.HANDED)
    Delivery.objects.filter(pk=left.pk).update(channel="push", reached=[phone.pk])
    claim.tick()
    assert (outcome(due), paths(service)) == ("sent", [TABLET])


@pytest.mark.usefixtures("phone")
def test_a_service_that_goes_silent_is_asked_again_and_in_the_end_nobody_can_know(
    dora: Person, service: PushService
) -> None:
    service.status = BROKEN
    due = promise(dora)
    claim.tick()
    assert (outcome(due), stages(due)) == ("", ["ambiguous"])
    attempts(due, ATTEMPTS)
    assert (outcome(due), len(service.arrived)) == ("ambiguous", ATTEMPTS)
    assert {request.headers["Topic"] for request in service.arrived} == {due.pk.hex}


@pytest.mark.usefixtures("phone")
def test_a_worker_that_comes_back_late_tells_nobody(dora: Person, service: PushService) -> None:
    due = promise(dora)
    (old,) = claim.claim(now=database_now())
    lease_over(due)
    claim.tick()
    with Post() as post:
        Turn(old, post=post, clock=database_now).take()
    assert (outcome(due), len(service.arrived)) == ("sent", 1)


@pytest.mark.usefixtures("tablet")
def test_slow_devices_leave_the_others_to_the_next_attempt(
    dora: Person, service: PushService
) -> None:
    due = promise(dora)
    with patch.object(turn, "PUSHING", 0.0):
        claim.tick()
    assert (outcome(due), service.arrived) == ("", [])
    attempts(due)
    assert (outcome(due), len(service.arrived)) == ("sent", 2)


def test_a_mail_server_that_is_away_holds_up_no_push(
    dora: Person, phone: PushSubscription, service: PushService, mail_port: int, plan: Plan
) -> None:
    first = promise(dora, due=-5 * MINUTE)
    Preference.choose(dora, KIND, Way.EMAIL)
    claim.tick()
    assert stages(first) == ["failed"]
    Preference.choose(dora, KIND, Way.PUSH)
    second = promise(dora)
    claim.tick()
    assert (outcome(second), paths(service)) == ("sent", [PHONE])


@pytest.mark.usefixtures("phone", "tablet")
def test_a_push_that_reached_one_device_is_not_followed_by_a_mail_chosen_since(
    dora: Person, service: PushService, sink: Sink
) -> None:
    service.at = {TABLET: 500}
    due = promise(dora)
    claim.tick()
    Preference.choose(dora, KIND, Way.EMAIL)
    attempts(due)
    assert (outcome(due), sink.arrived, paths(service).count(PHONE)) == ("sent", [], 1)


@pytest.mark.usefixtures("phone")
def test_a_push_that_may_have_come_is_not_followed_by_a_mail_chosen_since(
    dora: Person, service: PushService, sink: Sink
) -> None:
    service.status = BROKEN
    due = promise(dora)
    claim.tick()
    Preference.choose(dora, KIND, Way.EMAIL)
    attempts(due)
    assert (outcome(due), sink.arrived) == ("ambiguous", [])


@pytest.mark.usefixtures("phone")
def test_a_push_that_may_have_come_is_not_said_to_have_lapsed(
    dora: Person, service: PushService
) -> None:
    service.status = BROKEN
    due = promise(dora)
    claim.tick()
    Reminder.objects.filter(pk=due.pk).update(useful_until=database_now())
    attempts(due)
    assert outcome(due) == "ambiguous"


@pytest.mark.usefixtures("phone")
def test_a_service_that_asks_for_more_time_than_there_is_ends_the_promise_in_time(
    dora: Person, service: PushService, plan: Plan
) -> None:
    service.status, service.extra = 429, {"Retry-After": "604800"}
    due = promise(dora)
    claim.tick()
    held = Reminder.objects.get(pk=due.pk)
    assert held.lease_until == held.useful_until
    claim.tick(now=held.useful_until)
    assert (outcome(due), plan.followed) == ("lapsed", [due.pk])


@pytest.mark.usefixtures("phone")
def test_a_silent_service_is_waited_for_once_in_a_tick(dora: Person, service: PushService) -> None:
    service.status = BROKEN
    first, second = promise(dora, due=-2 * MINUTE), promise(dora)
    claim.tick()
    assert (stages(first), stages(second), len(service.arrived)) == (["ambiguous"], [], 1)
    service.status = 201
    attempts(second)
    assert (outcome(second), stages(second)) == ("sent", ["sent"])


def test_what_a_tick_has_put_off_is_left_for_the_next(
    dora: Person, mail_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a tick would go round in what waits for a server, and reach nothing due later."""
    monkeypatch.setattr(turn, "UNTIL_NEXT_TICK", timedelta(0))
    tried, waits = promise(dora, due=-5 * MINUTE), promise(dora)
    assert claim.tick() == 2
    assert (stages(tried), stages(waits), outcome(waits)) == (["failed"], [], "")
