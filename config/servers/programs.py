"""What can be started: its command, when it counts as ready, and how it is asked to stop."""

import random
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
LOOPBACK = "127.0.0.1"


class CannotStart(Exception):
    """A start that cannot be; the message is one line on what happened and what to do."""


def everything(_line: str) -> bool:
    """Show every line of a program."""
    return True


@dataclass(frozen=True)
class Program:
    """One process to start and to keep alive."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] | None = None
    """Asked again and again until true; a program without it is ready at once."""
    ready_within: float = 60.0
    """Seconds."""
    stop_with: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)
    """Asked to stop with the first; with the next when it has not stopped in time."""
    shows: Callable[[str], bool] = everything
    """Which of its lines reach the terminal."""
    needed: bool = True
    """The run ends when it keeps ending; what pages do without is waited for instead."""
    run_as: tuple[int, int] | None = None
    """User and group id, where it must not run as root."""


def free_port() -> int:
    """Return a free port of the loopback address, outside the range that outgoing calls use."""
    for port in random.SystemRandom().sample(range(20000, 32000), 200):
        if port_is_free(port):
            return port
    raise CannotStart("no free port between 20000 and 32000 on 127.0.0.1.")


def port_is_free(port: int) -> bool:
    """Say whether nothing listens on the port, on either loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that has just ended does not block its port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    # `localhost` may mean ::1 first, and somebody else's page must not answer there.
    return not answers(port, host="::1")


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Say whether something accepts connections on a loopback port."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
