"""A browser that may be told that something is waiting, for as long as it is signed in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext as _

from couples.models.person import Person

LONGEST_ENDPOINT = 1000
"""Characters. Push services use some hundreds."""

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""One name of a host (RFC 1123, 2.1); a longer one is refused by what would connect to it."""

ENDPOINT = re.compile(
    rf"(?P<origin>https?://{LABEL}(?:\.{LABEL})*(?::[0-9]{{1,5}})?)"
    r"/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*"
)
"""What an endpoint may look like. Two libraries that read the same URL can disagree about its host
when there are user names, backslashes or control characters in it, so none of those gets in."""

AUTH_SECRET = 16
"""Bytes of the secret that a browser makes for its subscription (RFC 8291, 3.2)."""


DEAD_FOR = timedelta(days=90)
"""For how long a dead endpoint is remembered: a browser that is opened later is told anew."""


class PushRefused(Exception):
    """Why a browser cannot be subscribed, in words for the person who holds it."""


class PushGone(PushRefused):
    """The push service has said that nobody is subscribed there: the browser has to begin anew."""


class DeadEndpoint(models.Model):
    """An endpoint at which a push service answered that nobody is subscribed (RFC 8030, 7.3).

    A browser may not know: it goes on offering the same one with every Today. A hash is all that is
    kept, so that nobody can ring there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.BinaryField(max_length=32, unique=True)
    died_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["died_at"], name="dead_endpoint_by_time")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def bury(cls, endpoint: str, *, now: datetime) -> None:
        """Remember it as dead, and delete the subscription that leads there."""
        with transaction.atomic():
            PushSubscription.objects.filter(endpoint=endpoint).delete()
            cls.objects.update_or_create(digest=_digest(endpoint), defaults={"died_at": now})

    @classmethod
    def knows(cls, endpoint: str) -> bool:
        """True while it is remembered as dead."""
        return cls.objects.filter(digest=_digest(endpoint)).exists()


class PushQuerySet(models.QuerySet["PushSubscription"]):
    """Subscriptions by whether they may be used."""

    def signed_in(self, *, now: datetime) -> PushQuerySet:
        """Subscriptions whose session has not expired; a deleted session leaves none behind."""
        return self.filter(session__expire_date__gt=now, person__is_active=True)


class PushSubscription(models.Model):
    """Where one signed-in browser takes push messages, and the keys it reads them with.

    It hangs on the row of its session: whatever ends the session (signing out, leaving quickly,
    the list of devices, a clean-up of what has expired) ends the push with it. A session whose key
    is renewed, as by a new password, loses it as well; the page subscribes again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="push_subscriptions")
    # One a session, so that nobody can have a message sent to a thousand endpoints.
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=LONGEST_ENDPOINT, unique=True)
    p256dh = models.CharField(max_length=87)
    auth = models.CharField(max_length=22)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PushQuerySet] = PushQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        # An endpoint is all that somebody needs to ring at it; logs get the number of the row.
        return str(self.pk)

    @classmethod
    def subscribe(
        cls, *, by: Person, session_key: str, endpoint: str, p256dh: str, auth: str
    ) -> PushSubscription:
        """Keep the subscription of the browser that holds this session, in place of its last one.

        `p256dh` and `auth` are base64url as the browser gives them. An endpoint that is known
        moves to this session: one browser has one, whoever signs in on it. Raises PushRefused for
        an endpoint at no known push service, for keys nothing could be encrypted with, and when
        the session has ended; PushGone for one at which nobody is subscribed any more.
        """
        refuse_unknown(endpoint)
        p256dh, auth = p256dh.rstrip("="), auth.rstrip("=")
        _refuse_unusable(p256dh, auth)
        if DeadEndpoint.knows(endpoint):
            raise PushGone(_("This browser's subscription has ended. Turn it on once more."))
        with transaction.atomic():
            # Locked, so that two tabs cannot each clear the way and then meet.
            session = Session.objects.select_for_update().filter(pk=session_key).first()
            if session is None or session.get_decoded().get(SESSION_KEY) != str(by.pk):
                raise PushRefused(_("You are not signed in any more. Sign in and try again."))
            cls.objects.filter(session=session).exclude(endpoint=endpoint).delete()
            kept = {"person": by, "session": session, "p256dh": p256dh, "auth": auth}
            subscription, _made = cls.objects.update_or_create(endpoint=endpoint, defaults=kept)
        return subscription


def _digest(endpoint: str) -> bytes:
    return hashlib.sha256(endpoint.encode()).digest()


def refuse_unknown(endpoint: str) -> None:
    """Raise PushRefused unless the endpoint lies at one of `settings.PUSH_SERVICES`.

    Our server will open a connection to it, from inside our network. An address that anybody may
    choose would let them look around there, so scheme, host and port must be as listed: no bare
    addresses, no other port, no user name.
    """
    if len(endpoint) <= LONGEST_ENDPOINT and (read := ENDPOINT.fullmatch(endpoint)):
        origin = read["origin"].removesuffix(":443")
        if any(_is_at(origin, known) for known in settings.PUSH_SERVICES):
            return
    raise PushRefused(
        _("This browser's push service is not one we know. Reminders by e-mail work everywhere.")
    )


def _is_at(origin: str, known: str) -> bool:
    """Compare with one entry; a star in it stands for one or more names before a domain."""
    before, star, after = known.partition("*")
    if not star:
        return origin == known
    return (
        origin.startswith(before)
        and origin.endswith(after)
        and len(origin) > len(before) + len(after)
    )


def _refuse_unusable(p256dh: str, auth: str) -> None:
    """Raise PushRefused unless these are a point on P-256 and a secret of the right length."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
        usable = len(_bytes(p256dh)) == 65 and len(_bytes(auth)) == AUTH_SECRET
    except ValueError:
        usable = False
    if not usable:
        raise PushRefused(_("This browser sent keys that we cannot use. Reload the page once."))


def _bytes(text: str) -> bytes:
    """Read base64url without its padding; raises ValueError for anything else."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
