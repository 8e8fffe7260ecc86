"""Who may hold a stream open, asked of the database at the door and at every heartbeat.

These functions block: the hub asks them on its few threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections, connection
from django.utils.crypto import constant_time_compare

from couples.models import Partner, Person

STILL_ADMITTED = """
    SELECT asked.session_key
    FROM unnest(%s::text[], %s::uuid[], %s::text[]) AS asked (session_key, partner, password)
    JOIN django_session AS session
        ON session.session_key = asked.session_key AND session.expire_date > now()
    JOIN couples_partner AS place ON place.id = asked.partner AND place.ended_at IS NULL
    JOIN couples_person AS person
        ON person.id = place.person_id AND person.is_active
        AND encode(sha256(convert_to(person.password, 'UTF8')), 'hex') = asked.password
"""
"""One query for all streams of a process: session live, place in the couple live, person active,
password unchanged."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What was true at the door; the password is a digest, to notice that it changed."""

    session_key: str
    person: UUID
    partner: UUID
    password: str


def ask[**P, T](question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask outside any request, on a connection that is left in order for the next question."""
    # Drops a connection that the database has closed meanwhile, as a request would.
    close_old_connections()
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()


def admit(session_key: str) -> Admission | None:
    """Return the admission of a live session of an active partner in a live couple, else None."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person_id = session.get(SESSION_KEY)
    if not person_id:
        return None
    live = Partner.objects.live().select_related("person")
    place = live.filter(person=person_id, person__is_active=True, couple__ended_at=None).first()
    if place is None or not verified_by(session, place.person):
        return None
    password = hashlib.sha256(place.person.password.encode()).hexdigest()
    return Admission(session_key, place.person_id, place.pk, password)


def still_admitted(streams: Collection[Admission]) -> set[str]:
    """Return the session keys of those who may stay; one query however many there are."""
    columns = (
        [each.session_key for each in streams],
        [each.partner for each in streams],
        [each.password for each in streams],
    )
    with connection.cursor() as cursor:
        cursor.execute(STILL_ADMITTED, columns)
        return {key for (key,) in cursor.fetchall()}


def verified_by(session: Mapping[str, Any], person: Person) -> bool:
    """True when the session was made with the present password (as Django's get_user checks)."""
    session_hash = session.get(HASH_SESSION_KEY)
    if not session_hash:
        return False
    # get_user() itself may renew the session's key, and a stream has no way to hand out a cookie.
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, each) for each in hashes)
