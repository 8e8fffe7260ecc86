"""A wrong setting is said in words, before anybody is served."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from couples.delivery.vapid import contact, new_pair

OPEN = "https://hifirst.example"
SENDER = "Hi First <hello@hifirst.example>"


@pytest.fixture
def served(settings: Settings) -> Settings:
    """Return settings as on the open internet, with push on."""
    pair = new_pair()
    settings.BASE_URL, settings.DEFAULT_FROM_EMAIL = OPEN, SENDER
    settings.SMTP_URL = "smtps://hello:p%40ss@mail.example:465"
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = pair.private, pair.public
    return settings


def found() -> set[str | None]:
    return {each.id for each in run_checks(tags=["environment"])}


def test_nothing_is_wrong_with_a_good_one(served: Settings) -> None:
    assert found() == set()
    served.DEFAULT_FROM_EMAIL = "hello@hifirst.example"
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEFAULT_FROM_EMAIL", "Hi First hello@hifirst.example", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "Hi First", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "<>", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "a@hifirst.example, b@hifirst.example", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "hello@hifirst@example.com", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "hello@größe.example", "couples.E003"),
        ("DEFAULT_FROM_EMAIL", "Hi First <hello@localhost>", "couples.E004"),
        ("DEFAULT_FROM_EMAIL", "hello@127.0.0.1", "couples.E003"),
        ("BASE_URL", "hifirst.example", "couples.E001"),
        ("BASE_URL", "https://", "couples.E001"),
        ("BASE_URL", "https://hifirst.example:port", "couples.E001"),
        ("BASE_URL", "ftp://hifirst.example", "couples.E001"),
        ("BASE_URL", "https://hifirst.example/app", "couples.E002"),
        ("BASE_URL", "http://hifirst.example", "couples.W001"),
        ("SMTP_URL", "mail.example:25", "couples.E005"),
        ("SMTP_URL", "smtp://", "couples.E005"),
        ("SMTP_URL", "smtp+ssl://mail.example", "couples.E005"),
        ("SMTP_URL", "smtp://user:p/w@mail.example", "couples.E005"),
        ("VAPID_PUBLIC_KEY", "", "couples.E006"),
        pytest.param("VAPID_PUBLIC_KEY", new_pair().public, "couples.E006", id="another pair"),
        ("VAPID_PRIVATE_KEY", "nonsense", "couples.E006"),
    ],
)
def test_what_is_wrong_is_said(served: Settings, name: str, value: str, said: str) -> None:
    setattr(served, name, value)
    assert said in found()


def test_on_ones_own_machine_without_push_localhost_will_do(settings: Settings) -> None:
    settings.BASE_URL, settings.VAPID_PRIVATE_KEY = "http://localhost:8000", ""
    settings.VAPID_PUBLIC_KEY = ""
    settings.DEFAULT_FROM_EMAIL = "Hi First <hello@localhost>"
    assert found() == set()


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        (SENDER, "mailto:hello@hifirst.example"),
        ("hello@hifirst.example", "mailto:hello@hifirst.example"),
        ('"First, Hi" <hello@hifirst.example>', "mailto:hello@hifirst.example"),
        ("hi+push@hifirst.example", "mailto:hi+push@hifirst.example"),
        ("50%off@hifirst.example", "mailto:50%25off@hifirst.example"),
    ],
)
def test_a_push_service_reads_whom_to_write_to(
    settings: Settings, sender: str, subject: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert contact() == subject


def test_no_broken_subject_is_sent(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Hi First hello@hifirst.example"
    with pytest.raises(ImproperlyConfigured):
        contact()
