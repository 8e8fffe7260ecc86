"""`make test`: a PostgreSQL and a Redis for one command, gone when it ends."""

import asyncio
import base64
import os
import secrets
import shutil
import signal
import tempfile
import time
from asyncio.subprocess import Process
from pathlib import Path

from config.servers.arrangement import broker, database, hold
from config.servers.home import Home
from config.servers.programs import BIN
from config.servers.supervisor import GRACE, ROOT, Supervisor, ends_with_us

INTERRUPTED = 130  # as shells have it
FORGOTTEN_AFTER = 24 * 60 * 60
"""Seconds."""


def test(command: list[str]) -> int:
    """Run a command with servers of its own in its environment; return its exit code."""
    kept = ROOT / ".data"
    kept.mkdir(exist_ok=True)
    _clear_forgotten(kept)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=kept))
    folder.chmod(0o711)  # as root, PostgreSQL is another user and must pass through
    try:
        home = Home(folder)
        code = hold(lambda supervisor: _with_servers(supervisor, home, command), home.remember)
        return INTERRUPTED if code is None else code
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_forgotten(kept: Path) -> None:
    """Remove the folders of runs that were killed, once nobody can be using them any more."""
    for folder in kept.glob("test-*"):
        if time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


async def _with_servers(supervisor: Supervisor, home: Home, command: list[str]) -> int:
    database_url, redis_url = await asyncio.gather(
        database(supervisor, home, keeps=False), broker(supervisor, home, may_imitate=False)
    )
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "BASE_URL": "http://localhost:8000",
        "DATABASE_URL": database_url,
        "LOG_LEVEL": "WARNING",
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SMTP_URL": "smtp://127.0.0.1:1",  # nobody listens: a test that sends brings its sink
        "STATIC_DIR": str(home.static),
        "VAULT_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    running = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, preexec_fn=ends_with_us(signal.SIGTERM)
    )
    try:
        return await running.wait()
    except asyncio.CancelledError:
        await _end(running)
        raise


async def _end(running: Process) -> None:
    """Give an interrupted command its time to end, as Ctrl-C has reached it too."""
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if number is not None and running.returncode is None:
            running.send_signal(number)
        try:
            await asyncio.wait_for(running.wait(), GRACE / 2)
        except TimeoutError:
            continue
        return
