"""`make run` as a whole: real servers, real processes, a folder and a port of its own."""

import os
import re
import signal
import socket
import sys
from functools import partial

import psutil
import pytest
import redis

from config.management.commands import demo
from config.servers import run
from config.servers.programs import LOOPBACK, free_port
from config.servers.redis import real_server
from config.servers.supervisor import TRIES
from tests.house.conftest import Start
from tests.house.copies import Copy, all_gone
from tests.house.guest import Guest, hears
from tests.waiting import eventually

pytestmark = pytest.mark.process

YOURS = "Your half is there; the half of Sam is open."


def test_the_logins_it_prints_are_those_of_the_demo() -> None:
    assert run.PASSWORD == demo.PASSWORD
    assert dict(run.LOGINS) == {address: who for address, (_, who) in demo.PEOPLE.items()}


def test_it_runs_says_so_stops_cleanly_and_starts_again_with_the_data_kept(start: Start) -> None:
    copy = start().runs()
    assert f"http://localhost:{copy.port}" in copy.said
    for login in (*(address for address, _ in run.LOGINS), run.PASSWORD, "private window"):
        assert login in copy.said
    assert copy.get("/readyz", host="127.0.0.1") == 200
    assert copy.get("/readyz", host="localhost") == 200

    family = copy.family()
    for part in ("postgres", "redis", "config.servers.mail", "config.asgi", "worker", "beat"):
        assert copy.child(part).is_running()
    alex = Guest(copy.port)
    alex.sign_in("alex@example.com", run.PASSWORD)
    alex.say_hi()
    assert YOURS in alex.page("/")
    copy.process.send_signal(signal.SIGINT)
    assert copy.ends() == 0
    assert "Traceback" not in copy.said
    assert all_gone(family)
    assert copy.get("/healthz") == 0

    again = start().runs()
    assert again.get("/readyz") == 200
    alex = Guest(again.port)
    alex.sign_in("alex@example.com", run.PASSWORD)
    assert YOURS in alex.page("/")
    again.process.send_signal(signal.SIGTERM)
    assert again.ends() == 0


def test_everybody_of_the_demo_signs_in_and_sees_what_is_theirs(start: Start) -> None:
    copy = start().runs()
    first = {address: Guest(copy.port) for address, _who in run.LOGINS}
    shown = {address: guest.sign_in(address, run.PASSWORD) for address, guest in first.items()}
    assert "Sam" in shown["alex@example.com"]
    assert "Alex" in shown["sam@example.com"]
    assert "second factor" in shown["robin@example.com"]  # the banner says that none is asked for
    assert all(name in shown["robin@example.com"] for name in ("Alex", "Sam"))
    for address in ("alex@example.com", "sam@example.com", "robin@example.com"):
        assert not re.search(r"\b(Kim|Jo)\b", shown[address])
    for address in ("kim@example.com", "jo@example.com"):
        assert not re.search(r"\b(Alex|Sam|Robin)\b", shown[address])
    assert re.search(r"connected on \d+ of the last 2\d days", shown["robin@example.com"])
    assert len(re.findall("Mended|Held", first["alex@example.com"].page("/repairs/"))) == len(
        demo.HURTS
    )


def test_mail_is_shown_in_the_terminal_and_kept_in_the_folder(start: Start) -> None:
    copy = start().runs()
    Guest(copy.port).ask_for_a_code("alex@example.com")
    eventually(lambda: "mail | To: alex@example.com" in copy.said, within=10, what="it is shown")
    (kept,) = (copy.folder / "mail").glob("*.eml")
    assert b"alex@example.com" in kept.read_bytes()


def test_two_copies_run_side_by_side_and_one_folder_serves_one(start: Start) -> None:
    one = start(folder="one")
    two = start(folder="two")
    one.runs()
    two.runs()
    assert one.get("/readyz") == two.get("/readyz") == 200

    second = start(folder="one")
    assert second.ends() == 1
    assert "already running" in second.said
    assert f"process {one.process.pid}" in second.said
    assert len(second.said.splitlines()) == 1
    assert one.get("/readyz") == 200


def test_a_taken_port_is_one_line_with_what_to_do(start: Start) -> None:
    port = free_port()
    with socket.create_server((LOOPBACK, port)):
        copy = start(port=port)
        assert copy.ends() == 1
    assert copy.said.splitlines() == [
        f"Hi First: port {port} is taken. Take another one: make run PORT={port + 100}"
    ]


def test_without_redis_on_the_path_it_says_so_and_runs(start: Start) -> None:
    copy = start(path="/nowhere").runs()
    assert "fakeredis stands in" in copy.said
    # Beat and worker have spoken through it, and nobody was frightened.
    Guest(copy.port).ask_for_a_code("alex@example.com")
    eventually(lambda: "mail | To: alex@example.com" in copy.said, within=30, what="a mail came")
    assert not re.search(r"level=(warning|error|critical)|Traceback|Exception", copy.said)
    alex, sam = Guest(copy.port), Guest(copy.port)
    for guest, address in ((alex, "alex@example.com"), (sam, "sam@example.com")):
        guest.sign_in(address, run.PASSWORD)
    with sam.listen() as stream:
        alex.say_hi()
        hears(stream, "event: changed")


def test_interrupted_while_starting_it_leaves_nothing_behind(start: Start) -> None:
    copy = start()
    family = eventually(copy.family, within=60, what="the first processes are there")
    copy.process.send_signal(signal.SIGINT)
    assert copy.ends() == 0
    assert all_gone(family)
    assert "Traceback" not in copy.said


def test_a_closed_terminal_ends_it(start: Start) -> None:
    ours, theirs = os.openpty()
    copy = start(output=theirs)
    os.close(theirs)
    family = eventually(copy.family, within=60, what="the first processes are there")
    os.close(ours)
    assert copy.ends() == 0
    assert all_gone(family)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start clears up")
def test_killed_outright_it_leaves_nothing_behind_and_starts_again(start: Start) -> None:
    copy = start().runs()
    family = copy.family()
    copy.process.kill()
    assert copy.ends() == -signal.SIGKILL
    again = start()
    eventually(lambda: all_gone(family), within=60, what="the processes of the killed run ended")
    again.runs()
    assert again.get("/readyz") == 200


@pytest.mark.skipif(real_server() is None, reason="needs a Redis that can refuse")
def test_a_redis_that_refuses_ends_no_page_and_the_worker_is_waited_for(start: Start) -> None:
    copy = start().runs()
    settings = (copy.folder / "redis.conf").read_text()
    told = dict(line.split(maxsplit=1) for line in settings.splitlines() if " " in line)
    with redis.Redis(port=int(told["port"]), password=told["requirepass"]) as broker:
        # What Celery calls unrecoverable: its worker ends at every start, until this is over.
        broker.execute_command("REPLICAOF", LOOPBACK, "1")
        for _time in range(TRIES):
            workers = eventually(lambda: living(copy, "worker"), within=120, what="a worker runs")
            workers[0].kill()
            eventually(partial(all_gone, workers), within=30, what="it has ended")
        eventually(lambda: "in 8 s" in copy.said, within=120, what="the pauses grow")
        assert copy.get("/readyz") == 200
        assert copy.process.poll() is None, copy.said
        broker.execute_command("REPLICAOF", "NO", "ONE")
    assert eventually(lambda: living(copy, "worker"), within=120, what="a worker runs again")
    assert copy.get("/readyz") == 200


def living(copy: Copy, word: str) -> list[psutil.Process]:
    """Return the one of its direct children that is named so, or nothing while there is none."""
    try:
        return [copy.child(word)]
    except (StopIteration, psutil.Error):
        return []


def test_a_site_that_dies_is_started_again(start: Start) -> None:
    copy = start().runs()
    copy.child("config.asgi:application").kill()
    eventually(lambda: "starting it again" in copy.said, within=30, what="the restart is said")
    eventually(lambda: copy.get("/readyz") == 200, within=60, what="the site answers again")
