"""What `make run` and `make test` have in common: servers, signals, and one exit code."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from config.servers import postgres, redis
from config.servers.home import Home
from config.servers.programs import CannotStart
from config.servers.supervisor import Supervisor, say

Work = Callable[[Supervisor], Awaitable[int]]


def hold(work: Work, note: Callable[[list[int]], None]) -> int | None:
    """Do the work with signals obeyed and every child ended.

    Return the exit code of the work, or None when it was asked to stop before it had one.
    """
    return asyncio.run(_hold(work, note))


async def _hold(work: Work, note: Callable[[list[int]], None]) -> int | None:
    supervisor = Supervisor(note)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.ask_to_stop)
    watching = None
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup make run` is obeyed
        loop.add_signal_handler(signal.SIGHUP, supervisor.ask_to_stop)
        watching = asyncio.create_task(_until_terminal_is_gone(supervisor))
    doing = asyncio.ensure_future(work(supervisor))
    asked = asyncio.create_task(supervisor.asked_to_stop.wait())
    try:
        first: set[asyncio.Future[Any]] = {doing, asked, supervisor.given_up}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        if supervisor.given_up.done():
            raise supervisor.given_up.result()
        return doing.result() if doing.done() else None
    finally:
        asked.cancel()
        if watching:
            watching.cancel()
        await _cancelled(doing)
        await supervisor.stop()


async def _until_terminal_is_gone(supervisor: Supervisor) -> None:
    """Ask to stop when the terminal closes: make is told of it, and does not tell its children."""
    if not sys.stdout.isatty():
        return
    terminal = select.poll()
    terminal.register(sys.stdout.fileno(), 0)  # a hang-up is always reported
    while not terminal.poll(0):  # noqa: ASYNC110  no event tells of it
        await asyncio.sleep(1)
    supervisor.ask_to_stop()


async def _cancelled(work: asyncio.Future[int]) -> None:
    """End unfinished work; what it had to say in ending was said."""
    if not work.done():
        work.cancel()
        await asyncio.wait({work})


async def database(supervisor: Supervisor, home: Home, *, keeps: bool) -> str:
    """Return DATABASE_URL as given, or that of a PostgreSQL started in DATA_DIR."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    password = home.secrets()["POSTGRES_PASSWORD"]
    server, url = await asyncio.to_thread(postgres.program, home.postgres, password, keeps=keeps)
    await supervisor.start(server)
    return url


async def broker(supervisor: Supervisor, home: Home, *, may_imitate: bool) -> str:
    """Return REDIS_URL as given, or that of a Redis started here.

    Raise CannotStart if there is no real one and an imitation will not do.
    """
    given = os.environ.get("REDIS_URL")
    if given:
        return given
    if redis.real_server() is None:
        if not may_imitate:
            raise CannotStart(
                "the tests need a real Redis: install redis-server (or valkey-server),"
                " or set REDIS_URL."
            )
        say("redis", "no redis-server on the PATH; fakeredis stands in, which is enough here.")
    server, url = redis.program(home.folder, home.secrets()["REDIS_PASSWORD"])
    await supervisor.start(server)
    return url


def main_with(arrange: Callable[[], int]) -> None:
    """Run an arrangement; what cannot be started is said in one line, without a traceback."""
    try:
        sys.exit(arrange())
    except CannotStart as reason:
        sys.exit(f"Hi First: {reason}")
