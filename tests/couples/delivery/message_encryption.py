"""What a browser does with a push message, written from the RFCs (8291 over 8188).

Nothing of the library that encrypts is used here, so that both must have read them alike.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
POINT = 65  # octets of an uncompressed point
TAG = 16  # octets that AES-GCM adds
LAST_RECORD = b"\x02"


def from_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def to_text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


class Unreadable(Exception):
    """What a browser drops without a word."""


@dataclass
class Receiver:
    """The browser's end of a subscription: its key pair and its authentication secret."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes

    @classmethod
    def new(cls) -> Receiver:
        return cls(ec.generate_private_key(CURVE), os.urandom(16))

    @property
    def public(self) -> bytes:
        form = PublicFormat.UncompressedPoint
        return self.key.public_key().public_bytes(Encoding.X962, form)

    def read(self, body: bytes) -> bytes:
        """Return the plaintext of a message (RFC 8291, 3.4 and 4; its header: RFC 8188, 2.1)."""
        salt, record_size, sender = body[:16], int.from_bytes(body[16:20]), body[21 : 21 + body[20]]
        sealed = body[21 + len(sender) :]
        if len(sender) != POINT or not 17 < len(sealed) <= record_size:
            raise Unreadable("not one record with the sender's point before it")
        key, nonce = self._derive(sender, salt)
        record = AESGCM(key).decrypt(nonce, sealed, None)
        text, delimiter, padding = record.rpartition(LAST_RECORD)
        if delimiter != LAST_RECORD or padding.strip(b"\0"):
            raise Unreadable("a last record ends in 2 and zeros")
        return text

    def _derive(self, sender: bytes, salt: bytes) -> tuple[bytes, bytes]:
        """Return the content-encryption key and the nonce of the first record."""
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.key.exchange(ec.ECDH(), point)
        both = b"WebPush: info\0" + self.public + sender
        keying = _hkdf(shared, salt=self.auth, about=both, octets=32)
        key = _hkdf(keying, salt=salt, about=b"Content-Encoding: aes128gcm\0", octets=16)
        return key, _hkdf(keying, salt=salt, about=b"Content-Encoding: nonce\0", octets=12)


def _hkdf(secret: bytes, *, salt: bytes, about: bytes, octets: int) -> bytes:
    return HKDF(SHA256(), octets, salt, about).derive(secret)
