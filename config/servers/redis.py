"""A Redis for `make run` and `make test`: a real one from the PATH, else an imitation."""

import shutil
import sys
from pathlib import Path

from config.servers.home import write_private
from config.servers.programs import LOOPBACK, Program, answers, free_port

SERVERS = ("redis-server", "valkey-server")


def real_server() -> str | None:
    """Return the path of a real Redis (or Valkey) server, if there is one."""
    return next((found for name in SERVERS if (found := shutil.which(name))), None)


def program(folder: Path, password: str) -> tuple[Program, str]:
    """Return a server and its REDIS_URL; fakeredis when there is no real one.

    Nothing is kept over a restart: Redis carries hints and the live line, never the truth.
    """
    port = free_port()
    server = real_server()
    if server is None:
        command = (sys.executable, "-m", "config.servers.imitation", str(port))
        imitation = Program(
            name="redis", command=command, is_ready=lambda: answers(port), needed=False
        )
        return imitation, f"redis://{LOOPBACK}:{port}/0"
    settings = folder / "redis.conf"
    write_private(
        settings,
        f'bind {LOOPBACK}\nport {port}\nrequirepass {password}\ndir "{folder}"\n'
        'save ""\nappendonly no\nloglevel warning\ndaemonize no\n',
    )
    real = Program(
        name="redis",
        command=(server, str(settings)),
        is_ready=lambda: answers(port),
        needed=False,
        # It greets at length; if it ends, its last lines are shown.
        shows=lambda _line: False,
    )
    return real, f"redis://:{password}@{LOOPBACK}:{port}/0"
