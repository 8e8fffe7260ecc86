"""A real mail server for each test, and a source that does as the test says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from config.servers.programs import free_port
from couples.delivery.vapid import new_pair
from couples.models import Person
from tests.couples.delivery import promises
from tests.couples.delivery.push_service import PushService
from tests.couples.delivery.redis_server import RedisServer
from tests.couples.delivery.sink import Sink, SinkServer
from tests.factories import make_person


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Nobody signs in here, so nobody's password needs to be slow to guess."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def plan(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> promises.Plan:
    """The answers of the only source."""
    settings.REMINDER_SOURCES = ["tests.couples.delivery.promises.PlannedReminders"]
    fresh = promises.Plan()
    monkeypatch.setattr(promises, "plan", fresh)
    return fresh


@pytest.fixture
def mail_port(settings: Settings) -> int:
    """A free port to which our mail goes; nobody listens yet."""
    port = free_port()
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": options}}
    return port


@pytest.fixture
def sink(mail_port: int, plan: promises.Plan) -> Iterator[Sink]:
    """A mail server that runs."""
    sink = Sink()
    server = SinkServer(sink, mail_port)
    server.start()
    try:
        yield sink
    finally:
        server.stop()


@pytest.fixture
def dora(db: None) -> Person:
    """Somebody to whom promises are made."""
    return make_person(name="Dora")


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of the test's own."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "these tests need redis-server or valkey-server on the PATH"
    server = RedisServer(program, free_port(), tmp_path)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def push_keys(settings: Settings) -> None:
    """Keys to send with."""
    pair = new_pair()
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = pair.private, pair.public
    settings.DEFAULT_FROM_EMAIL = "Hi First <hello@hifirst.example>"


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    """A push service that runs, and is the only one we know."""
    service = PushService()
    service.start()
    settings.PUSH_SERVICES = (service.origin,)
    try:
        yield service
    finally:
        service.stop()
