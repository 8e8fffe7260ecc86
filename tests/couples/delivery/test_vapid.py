"""The keys by which push services know us: a pair, or none."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

from couples.delivery import push
from couples.delivery.vapid import key_pair, new_pair
from tests.couples.delivery.message_encryption import to_text


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    pair = new_pair()
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = pair.private, pair.public


def test_a_site_without_keys_starts(settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = settings.VAPID_PUBLIC_KEY = ""
    apps.get_app_config("couples").ready()
    assert key_pair() is None


@pytest.mark.parametrize("wrong", ["half", "mixed", "nonsense", "zero"])
def test_keys_that_are_no_pair_are_refused_loudly(settings: Settings, wrong: str) -> None:
    match wrong:
        case "half":
            settings.VAPID_PUBLIC_KEY = ""
        case "mixed":
            settings.VAPID_PUBLIC_KEY = new_pair().public
        case "nonsense":
            settings.VAPID_PRIVATE_KEY = "not a key at all"
        case _:
            settings.VAPID_PRIVATE_KEY = to_text(bytes(32))
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY"):
        key_pair()
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY"):
        apps.get_app_config("couples").ready()


def test_the_command_prints_lines_that_turn_push_on(settings: Settings) -> None:
    printed = StringIO()
    call_command("vapid_keys", stdout=printed)
    lines = dict(line.split("=", 1) for line in printed.getvalue().splitlines())
    assert set(lines) == {"VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY"}
    settings.VAPID_PRIVATE_KEY = lines["VAPID_PRIVATE_KEY"]
    settings.VAPID_PUBLIC_KEY = lines["VAPID_PUBLIC_KEY"]
    assert push.is_on()
