"""The pair of keys by which push services know us (VAPID, RFC 8292).

Browsers bind a subscription to the public key: with a new pair everybody has to subscribe again.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

REMEDY = "Unset both, or make a new pair without them: manage.py vapid_keys"


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
    """Return where a push service can reach whoever runs this installation."""
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def _pair(key: ec.EllipticCurvePrivateKey) -> KeyPair:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return KeyPair(_text(key.private_numbers().private_value.to_bytes(32)), _text(point))


def _text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
