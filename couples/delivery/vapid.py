"""The pair of keys by which push services know us (VAPID, RFC 8292).

Browsers bind a subscription to the public key: with a new pair everybody has to subscribe again.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

REMEDY = "Unset both, or make a new pair without them: manage.py vapid_keys"


UNQUOTED = "!$'*+-._~"
"""What may stand in the part before the @ as it is."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both keys in base64url without padding: 32 bytes, and an uncompressed point of 65."""

    private: str
    public: str


def new_pair() -> KeyPair:
    """Return a pair nobody has had before."""
    return _pair(ec.generate_private_key(ec.SECP256R1()))


def key_pair() -> KeyPair | None:
    """Return the pair of this installation, or None when it has none and push is off.

    Raises ImproperlyConfigured for half a pair, and for two keys that do not belong together:
    every push service would refuse us, and no browser could tell why.
    """
    private, public = settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY
    return _read(private, public) if private or public else None


@cache
def _read(private: str, public: str) -> KeyPair:
    try:
        number = base64.urlsafe_b64decode(private + "=" * (-len(private) % 4))
        pair = _pair(ec.derive_private_key(int.from_bytes(number), ec.SECP256R1()))
    except ValueError as error:
        raise ImproperlyConfigured(f"VAPID_PRIVATE_KEY is no key. {REMEDY}") from error
    if pair != KeyPair(private.rstrip("="), public.rstrip("=")):
        raise ImproperlyConfigured(f"VAPID_PRIVATE_KEY and VAPID_PUBLIC_KEY are no pair. {REMEDY}")
    return pair


def contact() -> str:
    """Return where a push service can reach whoever runs this installation (RFC 8292, 2.1).

    Raises ImproperlyConfigured when MAIL_FROM names no address.
    """
    local, domain = contact_address().rsplit("@", 1)
    # A mailto: URI has its own characters (RFC 6068, 2).
    return f"mailto:{quote(local, safe=UNQUOTED)}@{domain}"


def contact_address() -> str:
    """Return the one address in MAIL_FROM, which may stand alone or in angle brackets.

    Raises ImproperlyConfigured for none, for several, and for one without brackets beside a name:
    it is read as an address with blanks, which every push service refuses. A domain is in ASCII
    (xn--…), as mail and push servers take it.
    """
    address = parseaddr(settings.DEFAULT_FROM_EMAIL, strict=True)[1]
    try:
        address.encode("ascii")
        validate_email(address)
    except (UnicodeEncodeError, ValidationError) as error:
        raise ImproperlyConfigured("MAIL_FROM is no sender: it names no single address.") from error
    return address


def _pair(key: ec.EllipticCurvePrivateKey) -> KeyPair:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return KeyPair(_text(key.private_numbers().private_value.to_bytes(32)), _text(point))


def _text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
