"""Whether a mailbox was ever proved, and how an account begins anew."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone

from couples.models import Person


def is_proved(person: Person) -> bool:
    """True once a code from a mailbox of this person was typed."""
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


def forget(
    person: Person, *, password: str | None, keep: str | None = None, since: datetime | None = None
) -> None:
    """Let nothing count that was set before now: password, second factor, sessions, sign-ins.

    `password` is the hash of one that counts all the same; `keep` the key of a session that stays
    in its table; `since` spares second factors that are older. In one transaction with the caller.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if password is None:
        person.set_unusable_password()  # differs each time, and with it every session's hash
    else:
        person.password = password
    person.save(update_fields=["password"])
    factors = Authenticator.objects.filter(user=person)
    (factors.filter(created_at__gte=since) if since else factors).delete()
    for session in UserSession.objects.filter(user=person).exclude(session_key=keep or ""):
        session.end()
    trust_from_now(person)


def trust_from_now(person: Person) -> None:
    """Let no sign-in go on that was begun before this instant, in whatever browser."""
    person.trusted_since = timezone.now()
    Person.objects.filter(pk=person.pk).update(trusted_since=person.trusted_since)
