"""The supervisor with small programs instead of servers."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from config.servers import supervisor
from config.servers.arrangement import hold
from config.servers.programs import CannotStart, Program
from config.servers.supervisor import Supervisor
from tests.house.copies import all_gone
from tests.waiting import eventually

pytestmark = pytest.mark.process

Noted = list[list[int]]


def python(name: str, code: str, *words: str, **more: object) -> Program:
    return Program(name, (sys.executable, "-c", code, *words), **more)  # type: ignore[arg-type]


def sleeper(name: str, *, order: Path) -> Program:
    """A program that writes its name into a file when it is asked to stop."""
    code = (
        "import pathlib, signal, sys\n"
        "name, order = sys.argv[1], pathlib.Path(sys.argv[2])\n"
        "def end(*_):\n"
        "    with order.open('a') as file: file.write(name + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "order.with_name(name).touch()\n"
        "while True: signal.pause()\n"
    )
    ready = order.with_name(name)
    return python(name, code, name, str(order), is_ready=ready.exists)


def test_programs_stop_in_the_reverse_of_their_order(tmp_path: Path) -> None:
    order = tmp_path / "order"
    noted: Noted = []

    async def work(supervisor: Supervisor) -> int:
        for name in ("first", "second", "third"):
            await supervisor.start(sleeper(name, order=order))
        return 7

    assert hold(work, noted.append) == 7
    assert order.read_text().split() == ["third", "second", "first"]
    assert [len(pids) for pids in noted] == [1, 2, 3, 0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(tmp_path: Path, number: signal.Signals) -> None:
    pids: Noted = []

    async def work(supervisor: Supervisor) -> int:
        await supervisor.start(sleeper("only", order=tmp_path / "order"))
        os.kill(os.getpid(), number)
        await asyncio.Event().wait()
        return 1

    assert hold(work, pids.append) is None
    assert not psutil.pid_exists(pids[0][0])


def written(file: Path) -> bool:
    """True once something stands in it: a file is there a moment before its words are."""
    return file.exists() and bool(file.read_text())


def test_what_a_program_started_itself_is_ended_with_it(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = (
        "import pathlib, signal, subprocess, sys\n"
        "started = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path(sys.argv[1]).write_text(str(started.pid))\n"
        "signal.pause()\n"
    )
    forgetful = python("forgetful", code, str(child), is_ready=lambda: written(child))

    async def work(supervisor: Supervisor) -> int:
        await supervisor.start(forgetful)
        return 0

    assert hold(work, lambda _: None) == 0
    eventually(
        lambda: not alive(int(child.read_text())), within=10, what="the grandchild has ended"
    )


def test_a_program_that_ends_is_started_again(tmp_path: Path) -> None:
    code = (
        "import pathlib, signal, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "first = not file.exists()\n"
        "file.write_text('first' if first else 'second')\n"
        "sys.exit(3) if first else signal.pause()\n"
    )
    file = tmp_path / "file"
    fragile = python(
        "fragile", code, str(file), is_ready=lambda: file.exists() and file.read_text() == "second"
    )

    async def work(supervisor: Supervisor) -> int:
        await supervisor.start(fragile)
        return 0

    assert hold(work, lambda _: None) == 0


def test_a_program_that_keeps_ending_at_once_ends_the_run_with_its_last_lines() -> None:
    async def work(supervisor: Supervisor) -> int:
        await supervisor.start(python("broken", "print('no such table'); raise SystemExit(3)"))
        await asyncio.Event().wait()
        return 0

    with pytest.raises(CannotStart, match=r"broken ended at once, 3 times \(3\)[^Z]*no such table"):
        hold(work, lambda _: None)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of no length worth waiting for."""
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.01)


def counting(name: str, file: Path, **more: object) -> Program:
    """A program that ends at once, and leaves a line each time."""
    code = "import sys; open(sys.argv[1], 'a').write('again\\n'); raise SystemExit(3)"
    return python(name, code, str(file), **more)


def begun(file: Path, *, times: int) -> None:
    """Wait until a counting program has been started so often."""
    eventually(
        lambda: file.exists() and len(file.read_text().split()) >= times,
        within=60,
        what=f"it was started {times} times",
    )


def test_what_pages_do_without_is_waited_for_however_often_it_ends(
    tmp_path: Path, hurried: None
) -> None:
    file = tmp_path / "starts"

    async def work(kept: Supervisor) -> int:
        await kept.start(counting("worker", file, needed=False))
        await asyncio.to_thread(begun, file, times=2 * supervisor.TRIES)
        return 0

    assert hold(work, lambda _: None) == 0


def test_what_was_never_ready_is_not_waited_for(tmp_path: Path, hurried: None) -> None:
    async def work(kept: Supervisor) -> int:
        never = counting("redis", tmp_path / "starts", needed=False, is_ready=lambda: False)
        await kept.start(never)
        return 0

    with pytest.raises(CannotStart, match="redis ended at once"):
        hold(work, lambda _: None)


def test_the_pauses_grow_and_end_growing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 2.0)
    file = tmp_path / "starts"

    async def work(kept: Supervisor) -> int:
        await kept.start(counting("worker", file, needed=False))
        await asyncio.to_thread(begun, file, times=3)
        return 0

    assert hold(work, lambda _: None) == 0
    assert capsys.readouterr().out.count("starting it again in 2 s") >= 2


def test_a_step_that_fails_says_why() -> None:
    async def work(supervisor: Supervisor) -> int:
        await supervisor.once(python("step", "raise SystemExit('the reason')"))
        return 0

    with pytest.raises(CannotStart, match=r"step failed \(exit code 1\)[^Z]*the reason"):
        hold(work, lambda _: None)


def test_a_program_that_will_not_stop_is_killed_when_asked_twice(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = (
        "import pathlib, signal, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "while True: signal.pause()\n"
    )
    pids: Noted = []

    async def work(supervisor: Supervisor) -> int:
        await supervisor.start(python("deaf", code, str(ready), is_ready=ready.exists))
        supervisor.ask_to_stop()
        supervisor.ask_to_stop()
        await asyncio.Event().wait()
        return 0

    assert hold(work, pids.append) is None
    assert not psutil.pid_exists(pids[0][0])


def test_a_command_that_is_not_there_is_one_clear_line() -> None:
    async def work(supervisor: Supervisor) -> int:
        await supervisor.start(Program("absent", ("/nowhere/at-all",)))
        return 0

    with pytest.raises(CannotStart, match="absent could not be started"):
        hold(work, lambda _: None)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start clears up")
def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    order = tmp_path / "order"
    supervising = os.fork()
    if supervising == 0:
        hold(_forever(lambda s: s.start(sleeper("only", order=order))), lambda _: None)
        os._exit(0)
    eventually(order.with_name("only").exists, within=20, what="the child is ready")
    children = psutil.Process(supervising).children(recursive=True)
    os.kill(supervising, signal.SIGKILL)
    os.waitpid(supervising, 0)
    assert len(children) == 1
    eventually(lambda: all_gone(children), within=20, what="the child has ended too")


def _forever(
    begin: Callable[[Supervisor], Awaitable[None]],
) -> Callable[[Supervisor], Awaitable[int]]:
    async def work(supervisor: Supervisor) -> int:
        await begin(supervisor)
        await asyncio.Event().wait()
        return 0

    return work


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
