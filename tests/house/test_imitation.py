"""What stands in for Redis refuses as Redis does, and frightens nobody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis

from config.servers.programs import LOOPBACK, answers, free_port
from tests.waiting import eventually

pytestmark = pytest.mark.process


class Standing:
    """The stand-in as `make run` starts it."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "config.servers.imitation", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        eventually(lambda: answers(self.port), within=60, what="it answers")

    def said(self) -> bytes:
        """End it, and return all that it has printed."""
        self.process.terminate()
        printed, _ = self.process.communicate(timeout=30)
        return printed


@pytest.fixture
def standing() -> Iterator[Standing]:
    started = Standing()
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.mark.parametrize(
    "refused",
    [
        ["EVALSHA", "0" * 40, "0"],
        ["NO-SUCH-COMMAND"],
        ["SET", "too few"],
        ["LPUSH", "a text", "x"],
    ],
    ids=lambda command: command[0],
)
def test_a_refusal_is_a_reply_and_the_connection_goes_on(
    standing: Standing, refused: list[str]
) -> None:
    with redis.Redis(port=standing.port, host=LOOPBACK, single_connection_client=True) as client:
        client.set("a text", "x")
        number = client.client_id()
        for _time in range(3):
            with pytest.raises(redis.ResponseError):
                client.execute_command(*refused)
            assert client.client_id() == number
        assert client.register_script("return 7")() == 7
    assert standing.said() == b""


def test_who_hangs_up_in_the_middle_leaves_no_line(standing: Standing) -> None:
    with redis.Redis(port=standing.port, host=LOOPBACK) as client:
        listening = client.pubsub()
        listening.subscribe("somebody")
        listening.close()
        assert client.ping()
    assert standing.said() == b""
