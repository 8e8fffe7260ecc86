"""`make run`: everything on one port, in one terminal, with the demo couple."""

import asyncio
import hashlib
import http.client
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from config.servers import mail
from config.servers.arrangement import broker, database, hold
from config.servers.home import Home
from config.servers.programs import LOOPBACK, CannotStart, Program, port_is_free
from config.servers.supervisor import ROOT, Supervisor, say
from config.servers.table import GRANIAN_LOGS, LOCAL, PROCESSES, Process

PORTS = 2**16
PASSWORD = "hi-first-demo"  # noqa: S105  the demo's, printed on purpose
KEYS = ("SECRET_KEY", "VAULT_KEYS")
PUSH_KEYS = ("VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY")
LOGINS = (
    ("alex@example.com", "a couple with twelve weeks behind them"),
    ("sam@example.com", "Alex's partner"),
    ("robin@example.com", "their therapist"),
    ("kim@example.com", "another couple"),
    ("jo@example.com", "Kim's partner"),
    ("lou@example.com", "on the first evening, before inviting anybody"),
)


def run() -> int:
    """Start everything and stay until asked to stop; return the exit code."""
    home = Home(Path(os.environ.get("DATA_DIR") or ".data"))
    port = wanted_port(os.environ.get("PORT") or "8000")
    with home.locked():
        if home.clear_leftovers():
            say("run", "the last run was cut off; what it left running has been ended.")
        if not port_is_free(port):
            other = port + 100 if port + 100 < PORTS else port - 100
            raise CannotStart(f"port {port} is taken. Take another one: make run PORT={other}")
        code = hold(lambda supervisor: _everything(supervisor, home, port), home.remember)
        return code or 0  # to be asked to stop is the way it ends


def wanted_port(text: str) -> int:
    """Return PORT as a number; raise CannotStart for anything that is none."""
    if not text.isdecimal() or not 0 < int(text) < PORTS:
        raise CannotStart(f"PORT is {text!r}, which is no port. For example: make run PORT=8100")
    return int(text)


async def _everything(supervisor: Supervisor, home: Home, port: int) -> int:
    say("run", f"starting; what is kept is in {home.folder}")
    sink, smtp_url = mail.program(home.mail)
    database_url, redis_url, _ = await asyncio.gather(
        database(supervisor, home, keeps=True),
        broker(supervisor, home, may_imitate=True),
        supervisor.start(sink),
    )
    environment = {
        **given_or_own_keys(home),
        "ALLOWED_HOSTS": "",  # loopback alone
        "BASE_URL": f"http://localhost:{port}",
        "DATABASE_URL": database_url,
        "DEMO": "true",
        "GRANIAN_HOST": LOOPBACK,
        "GRANIAN_LOG_CONFIG": GRANIAN_LOGS,
        "GRANIAN_LOG_LEVEL": "warning",
        "GRANIAN_PORT": str(port),
        "GRANIAN_WORKERS": "1",
        "LOG_FORMAT": os.environ.get("LOG_FORMAT") or "plain",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "WARNING",
        # Celery warns of root at length; here it is somebody's own machine or container.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "MAIL_FROM": "Hi First <hello@hifirst.example>",
        "PAGES_AT_ONCE": "8",
        "REDIS_URL": redis_url,
        "SMTP_URL": smtp_url,
        "STATIC_DIR": str(home.static),
        "TRUSTED_PROXIES": "0",
        "WEB_WORKERS": "1",
        "WORKER_PROCESSES": "2",
    }
    await _prepare(supervisor, home, environment)
    for process in PROCESSES:
        if process.in_run:
            await supervisor.start(_program(process, environment, port))
    print(welcome(port, home.mail), flush=True)
    await supervisor.asked_to_stop.wait()
    return 0


def given_or_own_keys(home: Home) -> dict[str, str]:
    """Return the app's keys as given in the environment, or those of this folder.

    Of the two keys for push both are given, or neither.
    """
    own = home.secrets()
    pushes = any(os.environ.get(name) for name in PUSH_KEYS)
    mine = KEYS if pushes else KEYS + PUSH_KEYS
    keys = {name: own[name] if name in mine else "" for name in KEYS + PUSH_KEYS}
    return {name: os.environ.get(name) or key for name, key in keys.items()}


async def _prepare(supervisor: Supervisor, home: Home, environment: dict[str, str]) -> None:
    """Bring the database and the static files up to date, and put in the demo couple."""

    async def step(name: str) -> None:
        command = (sys.executable, "-m", "config.servers.prepare", name)
        await supervisor.once(Program(name, command, environment, shows=is_about_clocks))

    async def static_files() -> None:
        stamp, now = home.folder / "static.stamp", fingerprint()
        if not (stamp.exists() and stamp.read_text() == now and home.static.is_dir()):
            stamp.unlink(missing_ok=True)
            await step("static")
            stamp.write_text(now)

    await asyncio.gather(static_files(), step("tables"))


def is_about_clocks(line: str) -> bool:
    """Say whether a line of a step is for the terminal: how old the rules of clocks are."""
    return line.startswith("Clocks ")


def fingerprint() -> str:
    """Return a text that changes when the static files, ours or a library's, may have changed."""

    def parts() -> Iterator[str]:
        yield hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes()).hexdigest()
        for path in sorted((ROOT / "static").rglob("*")):
            found = path.stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}"

    return hashlib.sha256("\n".join(parts()).encode()).hexdigest()


def _program(process: Process, environment: dict[str, str], port: int) -> Program:
    """One process of the table, told what the table says that it is told."""
    told = {name: environment[name] for name in (*process.environment, *LOCAL)}
    is_ready = (lambda: is_answering(port)) if process.name == "site" else None
    needed = process.name == "site"  # pages and taps work without worker and beat
    return Program(process.name, process.command, told, is_ready, needed=needed)


def is_answering(port: int) -> bool:
    """Say whether the site answers and its database with it."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(port: int, mail_folder: Path) -> str:
    """Return what to open, who to be, and where mail goes."""
    logins = "\n".join(f"    {address:<20} {who}" for address, who in LOGINS)
    return f"""
  Hi First runs:  http://localhost:{port}

  Sign in, each in a private window of their own (one browser is one person):
{logins}
    password for all of them: {PASSWORD}

  Mail is shown here and kept in {mail_folder}. Ctrl-C stops everything; what was
  written is kept.
"""
