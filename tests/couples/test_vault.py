"""The vault by itself: what opens, and what fails closed."""

from __future__ import annotations

import base64
import os
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from couples import vault
from couples.vault import VaultError

HERE = "repairs_repair|happened|1|person:1"


def master() -> str:
    """Return a new master key as the environment would hold it."""
    return base64.b64encode(os.urandom(32)).decode()


@pytest.mark.parametrize("words", ["", "hi first", "שלום 👋🏽\u202e", "w" * 4000, "a\nb"])
def test_what_is_sealed_opens_where_it_was_sealed(words: str) -> None:
    key_id, key = uuid.uuid4(), os.urandom(32)
    blob = vault.seal(words, key_id=key_id, data_key=key, place=HERE)
    assert not words or words.encode() not in blob
    assert vault.unseal(blob, key_id=key_id, data_key=key, place=HERE) == words


def test_the_same_words_never_look_alike() -> None:
    key_id, key = uuid.uuid4(), os.urandom(32)
    blobs = {vault.seal("hi", key_id=key_id, data_key=key, place=HERE) for _ in range(50)}
    assert len(blobs) == 50


@pytest.mark.parametrize(
    "elsewhere",
    [
        "repairs_repair|happened|2|person:1",  # another row
        "repairs_repair|how_much|1|person:1",  # another column
        "rituals_mark|happened|1|person:1",  # another table
        "repairs_repair|happened|1|person:2",  # another owner
        "repairs_repair|happened|1|couple:1",
        "",
    ],
)
def test_what_was_moved_does_not_open(elsewhere: str) -> None:
    key_id, key = uuid.uuid4(), os.urandom(32)
    blob = vault.seal("hi", key_id=key_id, data_key=key, place=HERE)
    with pytest.raises(VaultError):
        vault.unseal(blob, key_id=key_id, data_key=key, place=elsewhere)


def test_another_key_opens_nothing() -> None:
    key_id, key = uuid.uuid4(), os.urandom(32)
    blob = vault.seal("hi", key_id=key_id, data_key=key, place=HERE)
    with pytest.raises(VaultError):
        vault.unseal(blob, key_id=uuid.uuid4(), data_key=key, place=HERE)
    with pytest.raises(VaultError):
        vault.unseal(blob, key_id=key_id, data_key=os.urandom(32), place=HERE)


def test_a_change_of_any_byte_is_noticed() -> None:
    key_id, key = uuid.uuid4(), os.urandom(32)
    blob = vault.seal("hi", key_id=key_id, data_key=key, place=HERE)
    for index in range(len(blob)):
        changed = bytearray(blob)
        changed[index] ^= 1
        with pytest.raises(VaultError):
            vault.unseal(bytes(changed), key_id=key_id, data_key=key, place=HERE)


@pytest.mark.parametrize("length", range(46))
def test_what_was_cut_off_fails_closed(length: int) -> None:
    key_id, key = uuid.uuid4(), os.urandom(32)
    blob = vault.seal("hi", key_id=key_id, data_key=key, place=HERE)
    with pytest.raises(VaultError):
        vault.unseal(blob[:length], key_id=key_id, data_key=key, place=HERE)


@pytest.mark.parametrize("length", range(68))
def test_a_wrapped_key_that_was_cut_off_fails_closed(length: int) -> None:
    wrapped = vault.wrap(os.urandom(32), place="person:1")
    with pytest.raises(VaultError):
        vault.unwrap(wrapped[:length], place="person:1")


def test_a_data_key_opens_for_its_owner_alone() -> None:
    key = os.urandom(32)
    wrapped = vault.wrap(key, place="person:1")
    assert key not in wrapped
    assert vault.unwrap(wrapped, place="person:1") == key
    with pytest.raises(VaultError):
        vault.unwrap(wrapped, place="person:2")


def test_master_keys_rotate(settings: Settings) -> None:
    old, new = master(), master()
    settings.VAULT_KEYS = [old]
    before = vault.wrap(b"k" * 32, place="person:1")
    settings.VAULT_KEYS = [new, old]
    assert vault.unwrap(before, place="person:1") == b"k" * 32
    after = vault.wrap(b"k" * 32, place="person:1")
    settings.VAULT_KEYS = [new]
    assert vault.unwrap(after, place="person:1") == b"k" * 32
    with pytest.raises(VaultError):
        vault.unwrap(before, place="person:1")


@pytest.mark.parametrize(
    "keys", [[], [""], ["short"], ["=" * 44], [base64.b64encode(b"0" * 31).decode()]]
)
def test_a_master_key_that_is_none_stops_the_start(settings: Settings, keys: list[str]) -> None:
    settings.VAULT_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match="VAULT_KEYS"):
        vault.wrap(b"k" * 32, place="person:1")
