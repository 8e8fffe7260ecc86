"""Ending one kind of reminder from a mail, by one click and without signing in (RFC 8058)."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from couples.delivery.sources import Source, source_of
from couples.models import Person, Preference, Reminder
from couples.models.preference import Way

SALT = "couples.delivery.off"


def off_link(reminder: Reminder) -> str:
    """Return the address that ends this kind of reminder for its person, by POST alone."""
    of = signing.dumps([str(reminder.person_id), reminder.kind], salt=SALT)
    return f"{settings.BASE_URL}{reverse('reminder_off')}?{urlencode({'of': of})}"


def named(of: str) -> Source | None:
    """Return what such an address would end, or None when it is not one of ours."""
    found = _read(of)
    return found[1] if found else None


def end(of: str) -> None:
    """Tell this person of this kind no more; an address that is not ours ends nothing.

    It works for as long as the mail is kept: to be left alone is nothing that expires.
    """
    if found := _read(of):
        person, source = found
        Preference.choose(person, source.kind, Way.NONE)


def _read(of: str) -> tuple[Person, Source] | None:
    try:
        person_id, kind = signing.loads(of, salt=SALT)
    except signing.BadSignature:
        return None
    person, source = Person.objects.filter(pk=UUID(person_id)).first(), source_of(kind)
    return (person, source) if person and source else None
