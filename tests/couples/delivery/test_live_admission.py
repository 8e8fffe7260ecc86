"""Who may hold a stream open."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.live import hub
from couples.live.event_queue import Stream
from couples.live.stream_auth import Admission, admit, still_admitted
from couples.models import Partner, Person

Change = Callable[[Partner, str], object]


def signed_in(person: Person) -> str:
    """Return the key of a live session of this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    assert session.session_key is not None
    return session.session_key


def change_password(partner: Partner, key: str) -> None:
    partner.person.set_password("something else entirely")
    partner.person.save()


def shut_out(partner: Partner, key: str) -> None:
    Person.objects.filter(pk=partner.person_id).update(is_active=False)


def leave(partner: Partner, key: str) -> None:
    partner.couple.end()


def sign_out(partner: Partner, key: str) -> None:
    SessionStore(key).delete()


def expire(partner: Partner, key: str) -> None:
    gone = database_now() - timedelta(minutes=1)
    Session.objects.filter(session_key=key).update(expire_date=gone)


CHANGES = [change_password, shut_out, leave, sign_out, expire]


def admitted(person: Person) -> Admission:
    admission = admit(signed_in(person))
    assert admission is not None
    return admission


def test_a_partner_is_admitted_as_themselves(couple: tuple[Partner, Partner]) -> None:
    ana, ben = couple
    assert admitted(ana.person).person == ana.person_id
    assert admitted(ben.person).person == ben.person_id


def test_an_outsider_is_not_admitted(cleo: Person) -> None:
    assert admit(signed_in(cleo)) is None


@pytest.mark.parametrize("key", ["", "x", "0" * 32, "'; drop table", "x" * 5000])
def test_no_session_is_not_admitted(db: None, key: str) -> None:
    assert admit(key) is None


@pytest.mark.parametrize("change", CHANGES)
def test_who_has_lost_the_right_is_not_admitted(
    couple: tuple[Partner, Partner], change: Change
) -> None:
    key = signed_in(couple[0].person)
    change(couple[0], key)
    assert admit(key) is None


@pytest.mark.parametrize("change", CHANGES)
def test_who_loses_the_right_does_not_stay_and_others_do(
    couple: tuple[Partner, Partner], others: tuple[Partner, Partner], change: Change
) -> None:
    ana, kim = admitted(couple[0].person), admitted(others[0].person)
    assert still_admitted([ana, kim]) == {ana.session_key, kim.session_key}
    change(couple[0], ana.session_key)
    assert still_admitted([ana, kim]) == {kim.session_key}


def test_one_query_asks_for_all(
    couple: tuple[Partner, Partner], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    streams = [admitted(partner.person) for partner in couple for _ in range(5)]
    with django_assert_num_queries(1):
        assert len(still_admitted(streams)) == 10


def test_a_database_that_says_nothing_keeps_no_door_open(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    for patience in ("HEARTBEAT", "DATABASE_WITHIN"):
        monkeypatch.setattr(hub, patience, 0.05)
    monkeypatch.setattr(hub, "ask", lambda *_question: answers.wait(60))
    try:
        asyncio.run(_without_an_answer())
    finally:
        answers.set()


async def _without_an_answer() -> None:
    here = hub.Hub()
    stream = Stream(Admission("key", uuid.uuid4(), uuid.uuid4(), ""))
    here.join(stream)
    async with asyncio.timeout(20):
        while await stream.next():  # signs of life, until it is closed
            pass
        with pytest.raises(TimeoutError):
            await here.admit("key")
    await here.close()
