"""Words are sealed before they reach the database.

Every person has a data key for what they write, every couple one for joint texts; the master keys
in the environment wrap them. A sealed value is AES-256-GCM (NIST SP 800-38D) with a random nonce
of 96 bits, and its additional data name the table, the column, the row and the owner: moved
anywhere else it does not open. Destroying a data key makes everything under it unreadable.

What is written:  version (1) | key id (16) | nonce (12) | ciphertext and tag
A wrapped key:    version (1) | master id (8) | nonce (12) | ciphertext and tag
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from couples.isolation import Words

VERSION = b"\x01"
NONCE = 12
MASTER_ID = 8
KEY_ID = 16


class VaultError(Exception):
    """A sealed value does not open where it stands: tampered with, moved, or the wrong key."""


class Sealed:
    """Ciphertext as it stands in the database, and its words once they have been opened."""

    __slots__ = ("blob", "words")

    def __init__(self, blob: bytes, words: str | None = None) -> None:
        self.blob = blob
        self.words = words


# --- Master keys -----------------------------------------------------------------------------


def wrap(data_key: bytes, *, place: str) -> bytes:
    """Return `data_key` wrapped by the newest master key for `place` (an owner's name)."""
    master_id, master = next(iter(_masters(tuple(settings.VAULT_KEYS)).items()))
    nonce = os.urandom(NONCE)
    return VERSION + master_id + nonce + master.encrypt(nonce, data_key, place.encode())


def unwrap(wrapped: bytes, *, place: str) -> bytes:
    """Return the data key inside `wrapped`; raises VaultError if it does not open for `place`."""
    start = len(VERSION) + MASTER_ID
    master = _masters(tuple(settings.VAULT_KEYS)).get(wrapped[len(VERSION) : start])
    if wrapped[: len(VERSION)] != VERSION or master is None:
        raise VaultError("no master key opens this data key")
    nonce, body = wrapped[start : start + NONCE], wrapped[start + NONCE :]
    try:
        return master.decrypt(nonce, body, place.encode())
    except (InvalidTag, ValueError):  # the latter for one that was cut off
        raise VaultError("this data key does not open for its owner") from None


@cache
def _masters(encoded: tuple[str, ...]) -> Mapping[bytes, AESGCM]:
    """Return the master keys by id, newest first; the id is the head of the key's SHA-256."""
    masters: dict[bytes, AESGCM] = {}
    for text in encoded:
        try:
            raw = base64.b64decode(text, validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) != 32:
            raise ImproperlyConfigured("VAULT_KEYS: each key is base64 of exactly 32 bytes")
        masters[hashlib.sha256(raw).digest()[:MASTER_ID]] = AESGCM(raw)
    if not masters:
        raise ImproperlyConfigured("VAULT_KEYS is empty: words could not be sealed")
    return masters


# --- Words -----------------------------------------------------------------------------------


def seal(words: str, *, key_id: UUID, data_key: bytes, place: str) -> bytes:
    """Return `words` sealed under `data_key`, to be opened at `place` alone."""
    nonce = os.urandom(NONCE)
    body = AESGCM(data_key).encrypt(nonce, words.encode(), place.encode())
    return VERSION + key_id.bytes + nonce + body


def unseal(blob: bytes, *, key_id: UUID, data_key: bytes, place: str) -> str:
    """Return the words in `blob`; raises VaultError unless this key sealed it for `place`."""
    start = len(VERSION) + KEY_ID
    if blob[: len(VERSION)] != VERSION or blob[len(VERSION) : start] != key_id.bytes:
        raise VaultError("sealed by another key")
    nonce, body = blob[start : start + NONCE], blob[start + NONCE :]
    try:
        return AESGCM(data_key).decrypt(nonce, body, place.encode()).decode()
    except (InvalidTag, ValueError):  # the latter for a blob that was cut off
        raise VaultError("these words were not sealed for this place") from None


class SealedAttribute(DeferredAttribute):
    """Opens words when they are read, and takes plain words to be sealed when they are saved."""

    field: SealedField

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            super().__get__(instance, cls)
        value = instance.__dict__[self.field.attname]
        if not isinstance(value, Sealed):
            return value
        if value.words is None:
            value.words = self.field.open(instance, value.blob)
        return value.words if value.words is None else Words(value.words)

    def __set__(self, instance: models.Model, value: str | Sealed | None) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Text that is stored sealed; on an instance it reads and writes as `str`.

    `owner` is the dotted way from the row to the Person or Couple whose key seals it. Reading
    gives None once that key has been destroyed, and raises VaultError for anything that was
    moved or changed. Writing past the model (`update`, `filter`) is refused.
    """

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, owner: str = "", **options: Any) -> None:
        self.owner = owner
        options["editable"] = False
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """Say in migrations whose key seals this field."""
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        return name, path, args, {**options, "owner": self.owner}

    def open(self, instance: models.Model, blob: bytes) -> str | None:
        """Return the words of `blob` in this row, or None if its key is gone."""
        key = self._key(instance)
        if key.destroyed:
            return None
        place = self._place(instance, key)
        return unseal(blob, key_id=key.pk, data_key=key.data_key, place=place)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001 - Django's
        """Seal plain words before the row is written."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, str):
            key = self._key(model_instance)
            if key.destroyed:
                raise VaultError("this owner's key is gone; nothing more can be written with it")
            place = self._place(model_instance, key)
            blob = seal(value, key_id=key.pk, data_key=key.data_key, place=place)
            value = Sealed(blob, value)
            model_instance.__dict__[self.attname] = value
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Let ciphertext through, and nothing else."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise VaultError(f"{self.attname}: words are saved through their model, sealed")
        return super().get_db_prep_value(value.blob, connection, prepared)

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        """Keep what was read sealed until somebody reads it."""
        return None if value is None else Sealed(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow the question whether there is something, and no other."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def _key(self, instance: models.Model) -> Any:
        owner: Any = instance
        for step in self.owner.split(".") if self.owner else []:
            owner = getattr(owner, step)
        return owner.vault_key()

    def _place(self, instance: models.Model, key: Any) -> str:
        return f"{instance._meta.db_table}|{self.column}|{instance.pk}|{key.owner_name}"
