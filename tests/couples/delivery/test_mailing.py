"""Many plain mails in one go: each once, each written down, and none held up by another."""

from __future__ import annotations

import email
import email.message
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from itertools import count
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from couples.clock import database_now
from couples.delivery import claim, mailing
from couples.delivery import mail as mail_of
from couples.delivery.mail import Post, letter
from couples.delivery.mailing import Mailing, plain
from couples.delivery.models.preference import Way
from couples.delivery.models.reminder import Delivery, Stage
from couples.models import Person, Preference, Reminder
from tests.couples.delivery.promises import (
    KIND,
    MINUTE,
    Plan,
    lease_over,
    outcome,
    promise,
    stages,
)
from tests.couples.delivery.sink import TAKEN, Sink

MANY = 6
SINKS = {"X-Peer", "X-MailFrom", "X-RcptTo"}
"""Headers that the sink adds."""


@pytest.fixture
def due(dora: Person) -> list[Reminder]:
    """Promises that are due, the oldest first."""
    return [promise(dora, due=-(MANY - number) * MINUTE) for number in range(MANY)]


def order(sink: Sink) -> list[str]:
    """Return the promises whose mails have arrived, as they came."""
    return [str(mail["Message-ID"])[1:].partition("@")[0] for mail in sink.arrived]


@contextmanager
def before_each(act: Callable[[str, int], object]) -> Iterator[None]:
    """Do this right before each mail is handed over: told are its promise and its number."""
    hand, number = Post.hand, count(1)

    def handing(post: Post, mail: EmailMessage) -> None:
        act(mail.extra_headers["Message-ID"][1:].partition("@")[0], next(number))
        hand(post, mail)

    with patch.object(Post, "hand", handing):
        yield


def test_all_go_out_in_order_over_one_connection_and_are_settled(
    due: list[Reminder], sink: Sink, plan: Plan
) -> None:
    assert claim.tick() == MANY
    assert order(sink) == [str(each.pk) for each in due]
    assert sink.connections == 1
    for each in due:
        assert (outcome(each), stages(each)) == ("sent", ["sent"])
        (made,) = each.deliveries.all()
        assert made.handed_at
        assert made.ended_at
        assert made.began_at <= made.handed_at <= made.ended_at
        assert made.provider_id == f"<{each.pk}@localhost>"
    assert sorted(plan.followed) == sorted(each.pk for each in due)


def test_more_of_them_cost_one_statement_more_each(
    dora: Person, due: list[Reminder], sink: Sink
) -> None:
    def statements(reminders: int) -> int:
        Reminder.objects.all().delete()
        for _each in range(reminders):
            promise(dora)
        with CaptureQueriesContext(connection) as asked, patch.object(claim, "BATCH", 50):
            claim.tick()
        return len(asked)

    few, many = statements(10), statements(15)
    assert many - few == 5


def test_what_is_marked_meanwhile_is_not_sent(due: list[Reminder], sink: Sink) -> None:
    late = due[3]

    def mark(_promise: str, number: int) -> None:
        if number == 3:
            Reminder.drop(now=database_now(), kind=KIND, subject=late.subject)

    with before_each(mark):
        claim.tick()
    assert str(late.pk) not in order(sink)
    assert (outcome(late), stages(late)) == ("dropped", ["failed"])
    assert [outcome(each) for each in due if each != late] == ["sent"] * (MANY - 1)


def test_a_server_that_goes_silent_leaves_one_in_doubt(due: list[Reminder], sink: Sink) -> None:
    doubtful = due[3]

    def silent(promise: str, _number: int) -> None:
        sink.to_message = None if promise == str(doubtful.pk) else TAKEN

    with before_each(silent):
        claim.tick()
        claim.tick()
    assert order(sink).count(str(doubtful.pk)) == 1
    assert (outcome(doubtful), stages(doubtful)) == ("ambiguous", ["ambiguous"])
    assert [outcome(each) for each in due if each != doubtful] == ["sent"] * (MANY - 1)


def test_a_mail_that_is_refused_is_tried_again_and_the_others_go(
    due: list[Reminder], sink: Sink
) -> None:
    refused = due[2]

    def busy(promise: str, _number: int) -> None:
        sink.to_message = "450 not now" if promise == str(refused.pk) else TAKEN

    with before_each(busy):
        claim.tick()
    assert (outcome(refused), stages(refused)) == ("", ["failed"])
    assert [outcome(each) for each in due if each != refused] == ["sent"] * (MANY - 1)
    sink.to_message = TAKEN
    lease_over(refused)
    claim.tick()
    assert (outcome(refused), order(sink).count(str(refused.pk))) == ("sent", 1)


def test_after_time_is_over_the_rest_is_as_it_was(due: list[Reminder], sink: Sink) -> None:
    real, gone = time.monotonic, [0.0]

    def slow(_promise: str, number: int) -> None:
        gone[0] = claim.BUDGET if number == 3 else 0.0

    with before_each(slow), patch.object(time, "monotonic", lambda: real() + gone[0]):
        claim.tick()
    assert len(sink.arrived) == 3
    for each in due[3:]:
        held = Reminder.objects.get(pk=each.pk)
        assert (stages(each), held.outcome, held.lease_until) == ([], "", None)
    claim.tick()
    assert order(sink) == [str(each.pk) for each in due]


def test_a_worker_lost_before_settling_sends_nothing_twice(due: list[Reminder], sink: Sink) -> None:
    with (
        patch.object(Mailing, "_settle", side_effect=OperationalError("gone")),
        pytest.raises(OperationalError),
    ):
        claim.tick()
    assert [stages(each) for each in due] == [["sent"]] * MANY
    for each in due:
        lease_over(each)
    claim.tick()
    assert [outcome(each) for each in due] == ["sent"] * MANY
    assert len(sink.arrived) == MANY


def test_no_more_than_one_is_in_doubt_when_a_worker_is_lost_at_any_mail(
    due: list[Reminder], sink: Sink
) -> None:
    handed: list[int] = []
    with before_each(lambda *_: handed.append(Delivery.objects.filter(stage=Stage.HANDED).count())):
        claim.tick()
    assert handed == [1] * MANY


def test_a_worker_that_comes_back_late_says_what_became_of_its_own_mail_alone(
    due: list[Reminder], sink: Sink
) -> None:
    def others_take_over(_promise: str, number: int) -> None:
        if number == 3:
            for each in due:
                lease_over(each)
            claim.tick()

    with before_each(others_take_over):
        claim.tick()
    assert sorted(order(sink)) == sorted(str(each.pk) for each in due)
    # The others could not know what became of the third; its holder knew, once it came back.
    assert (outcome(due[2]), stages(due[2])) == ("ambiguous", ["sent"])
    assert [stages(each) for each in due[3:]] == [["failed", "sent"]] * (MANY - 3)


def test_what_cannot_be_followed_holds_up_no_other(
    due: list[Reminder], sink: Sink, plan: Plan
) -> None:
    def broken(reminder: Reminder) -> None:
        if reminder.pk == due[1].pk:
            raise ValueError

    plan.follow = broken
    claim.tick()
    assert stages(due[1]) == ["sent"]
    assert [outcome(each) for each in due if each != due[1]] == ["sent"] * (MANY - 1)


@pytest.mark.usefixtures("plan")
def test_whatever_needs_a_decision_goes_alone(dora: Person, due: list[Reminder]) -> None:
    assert len(plain(claim.claim(now=database_now()))) == MANY
    Preference.choose(dora, KIND, Way.PUSH)
    for each in due:
        lease_over(each)
    assert plain(claim.claim(now=database_now())) == []


def body(mail: email.message.EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_copy_is_the_letter_that_would_be_composed(
    due: list[Reminder], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sealed anew each time, it would be another one in each.
    monkeypatch.setattr(mail_of, "off_link", lambda each: f"http://localhost:8000/off/{each.pk}")
    with patch.object(mail_of, "letter", wraps=letter) as alone:
        claim.tick()
    assert alone.call_count == 0
    assert len(sink.arrived) == MANY
    for reminder, arrived in zip(due, sink.arrived, strict=True):
        composed = email.message_from_bytes(
            letter(reminder).message(policy=policy.SMTP).as_bytes(), policy=policy.default
        )
        headers = [set(mail.items()) for mail in (arrived, composed)]
        assert {name for name, _text in headers[0] ^ headers[1]} <= {"Date", "Content-Type", *SINKS}
        for kind in ("plain", "html"):
            assert body(arrived, kind) == body(composed, kind)


def test_the_way_to_end_it_is_an_address_in_one_piece(dora: Person) -> None:
    """An encoded word in List-Unsubscribe is an address to no mail program (RFC 8058)."""
    lines = letter(promise(dora)).message().as_bytes().decode("ascii").splitlines()
    assert sum(line.startswith("List-Unsubscribe: <http://localhost:8000/") for line in lines) == 1
    assert any(line.startswith("http://localhost:8000/reminders/off/?of=") for line in lines)


@contextmanager
def any_address() -> Iterator[None]:
    """Lift what holds new addresses to one form."""
    name = "person_email_in_one_form"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
        )
        [form] = cursor.fetchone() or [""]
        cursor.execute(f"ALTER TABLE couples_person DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE couples_person ADD CONSTRAINT {name} {form}")


def test_an_address_beyond_ascii_gets_a_letter_of_its_own(
    dora: Person, due: list[Reminder], sink: Sink
) -> None:
    """Addresses of before they had one form may stay as they were."""
    with any_address():
        Person.objects.filter(pk=dora.pk).update(email="dora@exämple.com")
        claim.tick()
        Person.objects.filter(pk=dora.pk).update(email="dora@example.com")
    assert {str(mail["To"]) for mail in sink.arrived} == {"dora@xn--exmple-cua.com"}


def test_a_fault_in_going_together_sends_them_one_by_one(due: list[Reminder], sink: Sink) -> None:
    with patch.object(mailing.Mailing, "__init__", side_effect=ValueError):
        claim.tick()
    assert [outcome(each) for each in due] == ["sent"] * MANY
