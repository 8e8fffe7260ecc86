"""Ending one kind of reminder from a mail, by one click and without signing in (RFC 8058).

Whoever reads over a shoulder, or owns the mailbox, sees the address as well. So it is sealed, and
as long for every kind: which one it ends shows neither in it nor on the page it leads to.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from couples.delivery.models.preference import Way
from couples.delivery.sources import Source, source_of
from couples.models import Person, Preference, Reminder
from couples.vault import VaultError, unwrap, wrap

PLACE = "the end of a kind of reminder"
PERSON, KIND = 16, 32
"""Bytes of a person's id, and of the longest name of a kind."""


def off_link(reminder: Reminder) -> str:
    """Return the address that ends this kind of reminder for its person, by POST alone."""
    ends = reminder.person_id.bytes + reminder.kind.encode().ljust(KIND, b"\0")
    of = urlsafe_b64encode(wrap(ends, place=PLACE)).rstrip(b"=").decode()
    return f"{settings.BASE_URL}{reverse('reminder_off')}?{urlencode({'of': of})}"


def is_ours(of: str) -> bool:
    """Say whether such an address would end anything."""
    return _read(of) is not None


def end(of: str) -> bool:
    """Tell this person of this kind no more; an address that is not ours ends nothing.

    It works for as long as the mail is kept: to be left alone is nothing that expires.
    """
    found = _read(of)
    if found is None:
        return False
    person, source = found
    Preference.choose(person, source.kind, Way.NONE)
    return True


def _read(of: str) -> tuple[Person, Source] | None:
    try:
        ends = unwrap(urlsafe_b64decode(of + "=" * (-len(of) % 4)), place=PLACE)
    except (ValueError, VaultError):
        return None
    person = Person.objects.filter(pk=UUID(bytes=ends[:PERSON])).first()
    source = source_of(ends[PERSON:].rstrip(b"\0").decode())
    return (person, source) if person and source else None
