"""Whoever comes every day stays signed in, and so do their push and their live line (A9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from couples.delivery import push
from couples.live.stream_auth import admit, still_admitted
from couples.models import Partner
from tests.conftest import ClientOf
from tests.couples.accounts.codes import SIGN_IN
from tests.couples.delivery.devices import subscribe
from tests.couples.delivery.message_encryption import Receiver
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/ana"
DAY = timedelta(days=1)
COOKIE = settings.SESSION_COOKIE_NAME


def ends_at(client: Client) -> datetime:
    return Session.objects.get(pk=client.cookies[COOKIE].value).expire_date


def days(first: datetime, *, until: int, every: int = 1) -> Iterator[datetime]:
    for day in range(0, until, every):
        yield first + day * DAY


@pytest.mark.parametrize("way", ["by the library's page", "by Django"])
def test_a_session_used_every_day_lasts(ana: Partner, client_of: ClientOf, way: str) -> None:
    client = Client()
    if way == "by Django":
        client = client_of(ana)
    else:
        client.post(SIGN_IN, {"login": ana.person.email, "password": PASSWORD})
    for now in days(timezone.now(), until=200, every=5):
        with time_machine.travel(now):
            assert client.get("/me/").status_code == 200, now
    assert ends_at(client) > timezone.now() + 200 * DAY


def test_a_session_that_nobody_uses_ends_after_sixty_days(
    ana: Partner, client_of: ClientOf
) -> None:
    client = client_of(ana)
    client.get("/")
    for after, status in ((59, 200), (59 + 59, 200), (59 + 59 + 61, 302)):
        with time_machine.travel(timezone.now() + after * DAY):
            assert client.get("/me/").status_code == status


def test_the_cookie_is_renewed_with_the_session(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    client.get("/me/")
    assert COOKIE not in client.get("/me/").cookies
    with time_machine.travel(timezone.now() + 2 * DAY):
        renewed = client.get("/me/").cookies[COOKIE]
    assert renewed["max-age"] == settings.SESSION_COOKIE_AGE
    assert renewed["httponly"]
    assert renewed["samesite"] == "Lax"


def test_a_session_is_written_once_a_day_however_often_it_is_used(
    ana: Partner, client_of: ClientOf
) -> None:
    client = client_of(ana)
    client.get("/me/")
    writes = []
    for hours in (1, 23, 25, 26, 40, 48, 50):
        with (
            time_machine.travel(timezone.now() + timedelta(hours=hours)),
            CaptureQueriesContext(connection) as asked,
        ):
            client.get("/me/")
        writes.append(sum("UPDATE" in query["sql"] for query in asked))
    assert writes == [0, 0, 1, 0, 0, 0, 1]


def test_push_and_the_live_line_last_as_long_as_the_session(ana: Partner) -> None:
    receiver = Receiver.new()
    key = subscribe(ana.person, receiver, ENDPOINT).session_id
    client = Client()
    client.cookies[COOKIE] = key
    admission = admit(key)
    assert admission is not None
    Session.objects.filter(pk=key).update(expire_date=timezone.now() + 2 * DAY)
    client.get("/me/")
    later = timezone.now() + 50 * DAY
    assert push.subscriptions(ana.person, now=later)
    assert Session.objects.filter(pk=key, expire_date__gt=later).exists()
    assert still_admitted([admission]) == {key}


def test_the_list_of_sessions_knows_the_same_ones(ana: Partner) -> None:
    client = Client()
    client.post(SIGN_IN, {"login": ana.person.email, "password": PASSWORD})
    key = client.cookies[COOKIE].value
    for now in days(timezone.now(), until=120, every=30):
        with time_machine.travel(now):
            client.get("/me/")
            assert "this one" in client.get("/accounts/sessions/").content.decode()
    assert UserSession.objects.get(user=ana.person).session_key == key
    with time_machine.travel(timezone.now() + 200 * DAY):
        other = Client()
        other.post(SIGN_IN, {"login": ana.person.email, "password": PASSWORD})
        assert UserSession.objects.get(user=ana.person).session_key != key


def test_a_session_that_was_ended_is_not_renewed_into_life(
    ana: Partner, client_of: ClientOf
) -> None:
    client = client_of(ana)
    key = client.cookies[COOKIE].value
    Session.objects.filter(pk=key).update(expire_date=timezone.now() + 2 * DAY)
    client.post("/accounts/logout/")
    client.cookies[COOKIE] = key
    assert client.get("/me/").status_code == 302
    assert not Session.objects.filter(pk=key).exists()


def test_whoever_is_not_signed_in_is_not_kept(client: Client) -> None:
    client.get("/accounts/login/")
    client.post("/accounts/login/code/", {"email": "new@example.com"})
    key = client.cookies[COOKIE].value
    soon = timezone.now() + 2 * DAY
    Session.objects.filter(pk=key).update(expire_date=soon)
    client.get("/accounts/login/code/confirm/")
    assert Session.objects.get(pk=key).expire_date == soon
