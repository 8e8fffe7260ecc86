"""The worker stops and comes back: web, worker, beat, PostgreSQL and Redis, all real."""

from __future__ import annotations

import http.client

import pytest

from config.servers.programs import LOOPBACK, free_port
from config.servers.table import GRANIAN_LOGS
from couples.models import Watch
from tests.processes.conftest import Start
from tests.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

SILENT_AFTER = 25  # seconds: two ticks and a busy machine
WITHIN = 120.0  # seconds


@pytest.fixture(autouse=True)
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Where the pages are served; set before anything is started."""
    port = free_port()
    for name, value in {
        "GRANIAN_HOST": LOOPBACK,
        "GRANIAN_PORT": str(port),
        "GRANIAN_LOG_CONFIG": GRANIAN_LOGS,
        # Celery warns of root at length, before it logs anything.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "WORKER_SILENT_AFTER": str(SILENT_AFTER),
    }.items():
        monkeypatch.setenv(name, value)
    return port


def ready(port: int, question: str = "") -> tuple[int, str]:
    """Ask the pages' process how it is; (0, "") while nobody answers."""
    asked = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        asked.request("GET", f"/readyz{question}")
        answer = asked.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        asked.close()


def signs() -> set[object]:
    """Return when the worker was last seen."""
    return set(Watch.objects.values_list("seen_at", flat=True))


def test_a_worker_that_takes_no_work_is_told_of_until_it_does(port: int, start: Start) -> None:
    web = start("web")
    eventually(lambda: ready(port)[0] == 200, within=WITHIN, what="the pages answer")
    begun = signs()
    worker, beat = start("worker"), start("beat")
    eventually(lambda: signs() != begun, within=WITHIN, what="the worker leaves a sign")
    assert "worker ok" in ready(port)[1]
    assert ready(port, "?worker")[0] == 200
    assert "worker silent" not in web.log.read_text()

    worker.end()
    eventually(lambda: ready(port, "?worker")[0] == 503, within=WITHIN, what="silence is noticed")
    status, said = ready(port)
    assert (status, said.splitlines()[0]) == (200, "database ok")
    assert "worker silent for" in said

    again = start("worker")
    eventually(lambda: ready(port, "?worker")[0] == 200, within=WITHIN, what="work is noticed")
    assert web.log.read_text().count('event="worker silent"') == 1
    told = eventually(again.log.read_text, within=WITHIN, what="the worker says that it is back")
    assert told.count('event="worker takes work again"') == 1
    for line in [*web.log.read_text().splitlines(), *told.splitlines()]:
        assert line.startswith(("timestamp=", "/", "  ")), line
    assert beat.process.poll() is None
