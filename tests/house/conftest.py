"""Fixtures for the tests of the machine: real processes with folders and ports of their own."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.servers.programs import free_port
from tests.house.copies import Copy


class Start:
    """Calling it starts one copy, by default in a folder and on a port of its own."""

    def __init__(self, homes: Path, stack: ExitStack) -> None:
        self._homes = homes
        self._stack = stack

    def __call__(
        self,
        *,
        folder: str = "one",
        port: int | None = None,
        path: str | None = None,
        output: int = subprocess.PIPE,
    ) -> Copy:
        copy = Copy(self._homes / folder, port or free_port(), path=path, output=output)
        self._stack.callback(copy.kill)
        return copy


@pytest.fixture
def homes() -> Iterator[Path]:
    """A folder for the data of one test's servers.

    Not in pytest's own: each session of pytest closes that to everybody else, and as root
    PostgreSQL is somebody else.
    """
    with TemporaryDirectory(prefix="hi-first-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def start(homes: Path) -> Iterator[Start]:
    """Start copies of Hi First; all are ended with the test."""
    with ExitStack() as stack:
        yield Start(homes, stack)
