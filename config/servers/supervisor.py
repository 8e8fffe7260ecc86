"""Starts programs one after the other, keeps them alive, and stops them in the reverse order."""

import asyncio
import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.servers.programs import BIN, CannotStart, Program

ROOT = Path(__file__).resolve().parents[2]
GRACE = 10.0
"""Seconds between asking a program to stop and asking it less kindly."""
AT_ONCE = 10.0
"""A program that ends within so many seconds of its start has ended at once."""
TRIES = 3
STEADY = 60.0
"""A program that has run for so many seconds has got over whatever ended it before."""
LONGEST_PAUSE = 60.0
"""Seconds between the end of a program and its next start, at most."""
LAST_WORDS = 1.0
"""Seconds to read what an ended program has written."""
LONGEST_LINE = 1024 * 1024
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def say(name: str, line: str) -> None:
    """Print one line under a name; a terminal that is gone is no reason to fail."""
    with suppress(OSError):
        print(f"{name:>8} | {line}", flush=True)


def ends_with_us(number: signal.Signals) -> Callable[[], None]:
    """Return what a child does before it becomes its program: ask to be ended when we are.

    Linux only; elsewhere the next start clears up (Home.clear_leftovers).
    """
    parent = os.getpid()

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:  # we were killed before the line above
                os._exit(1)

    return ask


class Child:
    """A program that was started, with its last lines."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: asyncio.subprocess.Process | None = None
        self.last_lines: deque[str] = deque(maxlen=20)
        self.ended_at_once = 0
        self.ended_early = 0
        self.was_ready = program.is_ready is None
        self.keeper: asyncio.Task[None] | None = None
        self._lines: asyncio.StreamReader | None = None
        self._pipe: asyncio.ReadTransport | None = None

    async def spawn(self) -> None:
        """Start the process in a session of its own: Ctrl-C in the terminal is ours to pass on."""
        user, group = self.program.run_as or (None, None)
        path = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        # A pipe of our own: with asyncio's, waiting for a process also waits for everybody who
        # inherited its end of the pipe.
        ours, theirs = os.pipe()
        try:
            self.process = await self._execute(theirs, path, user, group)
        except OSError:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        self._lines = asyncio.StreamReader(limit=LONGEST_LINE)
        protocol = asyncio.StreamReaderProtocol(self._lines)
        loop = asyncio.get_running_loop()
        self._pipe, _ = await loop.connect_read_pipe(lambda: protocol, os.fdopen(ours, "rb", 0))

    async def _execute(
        self, output: int, path: str, user: int | None, group: int | None
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self.program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={
                **os.environ,
                "PATH": path,
                "PYTHONUNBUFFERED": "1",
                **self.program.environment,
            },
            cwd="/" if self.program.run_as else ROOT,
            user=user,
            group=group,
            extra_groups=[] if self.program.run_as else None,
            start_new_session=True,
            preexec_fn=ends_with_us(self.program.stop_with[0]),
        )

    async def finish(self) -> int:
        """Pass its lines on until it ends; then end what it left behind. Return its exit code."""
        if self.process is None or self._lines is None or self._pipe is None:
            return 0
        reading = asyncio.create_task(self._read(self._lines))
        code = await self.process.wait()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await asyncio.wait({reading}, timeout=LAST_WORDS)
        self._pipe.close()
        await reading
        return code

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                raw = await stream.readline()
            except ValueError:  # a line without end
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip()
            if not line:
                continue
            self.last_lines.append(line)
            if self.program.shows(line):
                say(self.program.name, line)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to its process, if it lives."""
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)


class Supervisor:
    """Holds the children. `note` is told their process ids at each change."""

    def __init__(self, note: Callable[[list[int]], None]) -> None:
        self._children: list[Child] = []
        self._note = note
        self._hurry = asyncio.Event()
        self.asked_to_stop = asyncio.Event()
        self.given_up: asyncio.Future[CannotStart] = asyncio.get_running_loop().create_future()

    def ask_to_stop(self) -> None:
        """Begin to stop; asked again, do not wait any longer for those that take their time."""
        if self.asked_to_stop.is_set():
            self._hurry.set()
        self.asked_to_stop.set()

    async def start(self, program: Program) -> None:
        """Start a program and return when it is ready; raise CannotStart when it will not be."""
        child = Child(program)
        self._children.append(child)
        await self._spawn(child)
        child.keeper = asyncio.create_task(self._keep(child))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + program.ready_within
        while program.is_ready and not await asyncio.to_thread(program.is_ready):
            if self.given_up.done():
                raise self.given_up.result()
            if loop.time() > deadline:
                raise self._cannot(child, f"was not ready within {program.ready_within:.0f} s")
            await asyncio.sleep(0.05)
        child.was_ready = True

    async def once(self, program: Program) -> list[str]:
        """Run a step to its end and return its last lines; raise CannotStart if it fails."""
        step = Child(program)
        self._children.append(step)
        await self._spawn(step)
        ending = step.keeper = asyncio.create_task(self._finish_step(step))
        await asyncio.shield(ending)
        self._children.remove(step)
        if step.process is not None and step.process.returncode:
            raise self._cannot(step, f"failed (exit code {step.process.returncode})")
        return list(step.last_lines)

    async def stop(self) -> None:
        """End all children, the last started first, and return when none is left."""
        self.asked_to_stop.set()
        for child in self._children[::-1]:  # a copy: a step that ends leaves the list
            await self._end(child)
        self._note([])

    async def _finish_step(self, step: Child) -> None:
        await step.finish()

    async def _spawn(self, child: Child) -> None:
        try:
            await child.spawn()
        except OSError as error:
            raise CannotStart(f"{child.program.name} could not be started: {error}") from error
        self._note([c.process.pid for c in self._children if c.process is not None])
        if self.asked_to_stop.is_set():
            child.send(child.program.stop_with[0])

    async def _keep(self, child: Child) -> None:
        """Start it again, later each time, unless it is needed and keeps ending at once."""
        loop = asyncio.get_running_loop()
        while True:
            born = loop.time()
            code = await child.finish()
            if self.asked_to_stop.is_set():
                return
            lived = loop.time() - born
            child.ended_at_once = child.ended_at_once + 1 if lived < AT_ONCE else 0
            child.ended_early = child.ended_early + 1 if lived < STEADY else 0
            if child.ended_at_once >= TRIES and (child.program.needed or not child.was_ready):
                self._give_up(self._cannot(child, f"ended at once, {TRIES} times ({code})"))
                return
            pause = min(2.0**child.ended_early, LONGEST_PAUSE)
            say(child.program.name, f"ended ({code}); starting it again in {pause:.0f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.asked_to_stop.wait(), pause)
                return
            try:
                await self._spawn(child)
            except CannotStart as error:
                self._give_up(error)
                return

    def _give_up(self, reason: CannotStart) -> None:
        if not self.given_up.done():
            self.given_up.set_result(reason)

    def _cannot(self, child: Child, what: str) -> CannotStart:
        lines = "".join(f"\n    {line}" for line in child.last_lines)
        return CannotStart(f"{child.program.name} {what}. Its last lines:{lines or ' none'}")

    async def _end(self, child: Child) -> None:
        """Ask to stop, less kindly each time, until the process is gone."""
        if child.keeper is None:
            return
        for number in child.program.stop_with:
            child.send(number)
            hurry = asyncio.create_task(self._hurry.wait())
            await asyncio.wait(
                {child.keeper, hurry}, timeout=GRACE, return_when=asyncio.FIRST_COMPLETED
            )
            hurry.cancel()
            if child.keeper.done():
                return
        await child.keeper
