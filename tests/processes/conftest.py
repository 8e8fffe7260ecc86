"""The processes of Hi First on the database of the test, each with the others it needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from config.servers.programs import free_port
from config.servers.table import PROCESSES
from tests.couples.delivery.redis_server import RedisServer
from tests.processes.running import MailSink, Running

Start = Callable[[str], Running]


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of the test's own."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "these tests need redis-server or valkey-server on the PATH"
    server = RedisServer(program, free_port(), tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailSink]:
    """A mail server in a process of its own."""
    with ExitStack() as stack:
        yield MailSink(tmp_path / "mail", stack)


@pytest.fixture
def start(redis_server: RedisServer, mail: MailSink, tmp_path: Path) -> Iterator[Start]:
    """Start a process by its name in the table; all are ended with the test."""
    database = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    environment = os.environ | {
        "DATABASE_URL": database._replace(path=f"/{name}").geturl(),
        "LOG_LEVEL": "WARNING",
        "REDIS_URL": redis_server.url,
        "SECRET_KEY": settings.SECRET_KEY,
        "SMTP_URL": mail.url,
    }
    commands = {process.name: process.command for process in PROCESSES}
    with ExitStack() as stack:
        yield lambda name: Running(commands[name], environment, tmp_path / f"{name}.log", stack)
