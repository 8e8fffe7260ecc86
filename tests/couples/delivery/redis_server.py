"""A Redis of a test's own, which it may stop and start."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import redis

from tests.waiting import eventually


class RedisServer:
    """A real Redis (or Valkey) on one port of the loopback."""

    def __init__(self, program: str, port: int, folder: Path) -> None:
        self.program = program
        self.port = port
        self.folder = folder
        self.url = f"redis://127.0.0.1:{port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        port = str(self.port)
        command = [self.program, "--port", port, "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        eventually(self._answers, within=20, what="Redis answers")

    def stop(self) -> None:
        """Kill it at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def listeners(self) -> set[str]:
        """Return the channels that somebody listens to."""
        with redis.Redis.from_url(self.url, decode_responses=True) as client:
            return set(client.pubsub_channels())

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


class SilentServer:
    """Takes every connection and never says a word: a Redis that hangs."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.url = f"redis://127.0.0.1:{self._listening.getsockname()[1]}/0"

    def stop(self) -> None:
        """Listen no more."""
        self._listening.close()
