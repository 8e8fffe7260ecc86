"""Logs as bytes: one line an event, and nobody's address, name or words in any of them."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from config.logs import formatter, logged
from couples.clock import database_now
from couples.delivery.claim import tick
from couples.delivery.log import not_taken, put_back, settled
from couples.delivery.models.reminder import Outcome
from couples.models import Delivery, Partner, Person, Reminder
from tests.conftest import ClientOf
from tests.couples.delivery.promises import MINUTE, Plan, promise
from tests.couples.delivery.sink import TAKEN, Sink
from tests.factories import greeting_of

WORDS = "WORDS-she-slammed-the-door"
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABsecret"


class Log:
    """What has been logged, as bytes."""

    def __init__(self, form: str) -> None:
        self._bytes = io.BytesIO()
        stream = io.TextIOWrapper(self._bytes, encoding="utf-8", write_through=True)
        self.handler = logging.StreamHandler(stream)
        self.handler.setFormatter(formatter(form))
        # The mail server of these tests lives in this process, and is none of ours.
        self.handler.addFilter(lambda record: not record.name.startswith("mail."))

    @property
    def bytes(self) -> bytes:
        return self._bytes.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.bytes.decode().splitlines()

    def events(self) -> list[dict[str, object]]:
        """Read JSON back."""
        return [json.loads(line) for line in self.lines]


def listening(form: str) -> Iterator[Log]:
    root, log = logging.getLogger(), Log(form)
    before = root.level
    root.addHandler(log.handler)
    root.setLevel(logging.DEBUG)
    yield log
    root.removeHandler(log.handler)
    root.setLevel(before)


@pytest.fixture(params=["plain", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    """Everything that is logged, down to the finest, in each form."""
    yield from listening(request.param)


@pytest.fixture
def json_log() -> Iterator[Log]:
    """Everything that is logged, to be read by a machine."""
    yield from listening("json")


def of(name: str) -> logging.Logger:
    return logging.getLogger(name)


# --- A whole delivery ------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_line_of_a_whole_delivery_holds_an_address_a_name_or_words(
    dora: Person, sink: Sink, plan: Plan, log: Log
) -> None:
    secret = f"{WORDS} {dora.email} {dora.name}"

    def broken(_reminder: Reminder) -> bool:
        raise ValueError(secret) from KeyError(secret)

    fine = promise(dora)
    tick()
    refused = promise(dora)
    sink.to_recipient = f"550 <{dora.email}> {WORDS}"
    tick()
    greylisted = promise(dora)
    sink.to_recipient = f"450 <{dora.email}> {WORDS}"
    tick()
    sink.to_recipient = TAKEN
    lost = promise(dora)
    sink.to_message = None
    tick()
    plan.wanted = broken
    untold = promise(dora)
    tick()
    unknown = promise(dora, kind="tomorrow")
    tick()

    said = log.bytes
    for reminder in (refused, greylisted, untold, unknown):
        assert str(reminder.pk).encode() in said
    assert {fine.pk, lost.pk}  # went out, or may have
    for kept in (dora.email, dora.name, WORDS, ENDPOINT, "example.com"):
        assert kept is not None
        assert kept.encode() not in said
    assert all(re.match(r"(timestamp=|\{)", line) for line in log.lines)


@pytest.mark.django_db
def test_a_settled_promise_is_one_event_with_ids(dora: Person, json_log: Log) -> None:
    due = promise(dora, due=-2 * MINUTE)
    made = {"channel": "email", "attempt": 3, "fence": 1, "began_at": database_now()}
    delivery = Delivery.objects.create(reminder=due, **made)
    settled(due, Outcome.AMBIGUOUS, now=due.due_at + MINUTE, delivery=delivery)
    not_taken(delivery, "SMTPDataError 450")
    put_back(due)
    first, second, third = json_log.events()
    assert first.pop("timestamp")
    assert first == {
        "event": "promise settled",
        "level": "warning",
        "logger": "couples.delivery.log",
        "reminder": str(due.pk),
        "kind": "test",
        "outcome": "ambiguous",
        "late_seconds": 60,
        "delivery": str(delivery.pk),
        "channel": "email",
        "attempt": 3,
    }
    assert (second["event"], second["reason"]) == ("attempt failed", "SMTPDataError 450")
    assert (third["event"], third["reminder"]) == ("promise put back", str(due.pk))


# --- What others log -------------------------------------------------------------------------


def test_an_exception_is_a_kind_and_a_place_on_one_line(log: Log) -> None:
    try:
        int(f"Key (email)=({WORDS}) exists\nand more")
    except ValueError:
        of("celery").exception("it broke: %s", "badly")
        structlog.get_logger("ours").exception("it broke")
    assert len(log.lines) == 2
    assert WORDS.encode() not in log.bytes
    for line in log.lines:
        assert "ValueError" in line
        assert "tests/couples/delivery/test_log.py:" in line


def test_an_exception_among_the_words_of_a_message_is_its_kind(log: Log) -> None:
    of("celery.worker.consumer").error("consumer: %s: %s.", "no connection", OSError(WORDS))
    [line] = log.lines
    assert "consumer: no connection: OSError." in line


def test_a_task_that_failed_says_which_and_not_why(log: Log) -> None:
    task = {"description": "raised unexpected", "name": "tick", "id": "1", "exc": WORDS}
    of("celery.app.trace").error("Task %(name)s %(exc)s", task, extra={"data": task})
    [line] = log.lines
    assert "task raised unexpected" in line
    assert WORDS not in line


def test_a_drawing_below_the_first_line_stays_out(log: Log) -> None:
    of("asyncio").error("Task exception was never retrieved\nfuture: <Task %s>", WORDS)
    [line] = log.lines
    assert "never retrieved" in line
    assert WORDS not in line


def test_no_line_can_be_forged(log: Log) -> None:
    structlog.get_logger("ours").warning("x", reason="a\r\ntimestamp=1\x1b[2J\u2028b")
    [line] = log.bytes.decode().split("\n")[:-1]
    assert not re.search(r"[\r\x1b\u2028]", line)


def test_an_address_or_a_path_elsewhere_that_slips_through_is_struck_out(log: Log) -> None:
    of("some.library").warning("to dora.smith@example.com at %s", ENDPOINT)
    structlog.get_logger("ours").warning("x", reason=["dora@mail.example.org", ENDPOINT])
    assert b"dora" not in log.bytes
    assert b"gAAAAAB" not in log.bytes
    assert log.bytes.count(b"https://updates.push.services.mozilla.com/") == 2


@pytest.mark.django_db
def test_a_request_is_named_by_its_route_and_never_by_its_path(log: Log) -> None:
    Client(raise_request_exception=False).get(f"/join/{WORDS}/")
    Client().get(f"/{WORDS}/")
    request = RequestFactory().get(f"/{WORDS}")
    of("django.security.csrf").warning(WORDS, extra={"request": request, "status_code": 403})
    assert WORDS.encode() not in log.bytes
    [number] = [line for line in log.lines if "join/<str:token>/" in line]
    assert re.search(r"\brequest\W{1,4}[0-9a-f]{12}\b", number)


def test_the_forms_are_two() -> None:
    with pytest.raises(ValueError, match="it can be plain or json"):
        logged(level="INFO", form="xml")
    logged(level=settings.LOGGING["root"]["level"], form="plain")


def test_libraries_that_show_what_is_sent_are_not_heard_in_detail() -> None:
    told = logged(level="DEBUG", form="plain")["loggers"]
    assert {told[name]["level"] for name in ("urllib3", "django.db.backends")} == {"INFO"}
    assert logged(level="ERROR", form="plain")["loggers"]["urllib3"]["level"] == "ERROR"


# --- What is no reason to worry --------------------------------------------------------------


@pytest.mark.django_db
def test_a_slip_or_a_repeated_tap_is_no_warning(
    ana: Partner, client_of: ClientOf, json_log: Log
) -> None:
    phone = client_of(ana)
    tap = {"day": "no day", "client_key": "no key"}
    statuses = {
        phone.get(reverse("ritual_marks", args=[greeting_of(ana).pk])).status_code,
        phone.post(reverse("ritual_marks", args=[greeting_of(ana).pk]), tap).status_code,
        phone.post(reverse("meeting"), {"words": "x" * 100_000}).status_code,
        phone.get("/nowhere/").status_code,
    }
    assert statuses >= {404, 405, 422}
    levels = {event["level"] for event in json_log.events() if event["logger"] == "django.request"}
    assert levels == {"info"}


@pytest.mark.django_db
def test_what_we_failed_at_is_an_error(json_log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ValueError

    monkeypatch.setattr("couples.views.health.watchdog.look", fails)
    assert Client(raise_request_exception=False).get("/readyz").status_code == 500
    levels = {event["level"] for event in json_log.events() if event["logger"] == "django.request"}
    assert levels == {"error"}
