"""One promise, from its claim to how it ended."""

from __future__ import annotations

import logging
from email.message import EmailMessage
from unittest.mock import patch

import pytest
from django.db import transaction

from couples.clock import database_now
from couples.delivery import claim, turn
from couples.delivery.mail import Post
from couples.delivery.models.reminder import Delivery, Stage
from couples.delivery.turn import ATTEMPTS, Turn
from couples.models import Person, Reminder
from tests.couples.delivery.promises import (
    MINUTE,
    Plan,
    lease_over,
    left_behind,
    outcome,
    promise,
    stages,
)
from tests.couples.delivery.sink import Sink, SinkServer


def part(mail: EmailMessage, kind: str) -> str:
    """Return the body of one kind."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def tick_until_settled(reminder: Reminder) -> int:
    """Let every pause be over at once; return how many ticks it took."""
    for ticks in range(1, 2 * ATTEMPTS):
        claim.tick()
        if outcome(reminder):
            return ticks
        lease_over(reminder)
    raise AssertionError("never settled")


# --- As it should go -------------------------------------------------------------------------


def test_a_due_promise_becomes_one_mail(dora: Person, sink: Sink) -> None:
    due = promise(dora)
    claim.tick()
    claim.tick()
    assert [mail["To"] for mail in sink.arrived] == ["dora@example.com"]
    assert (outcome(due), stages(due)) == ("sent", ["sent"])


def test_the_mail_tells_nothing_but_that_something_waits(dora: Person, sink: Sink) -> None:
    due = promise(dora)
    claim.tick()
    [mail] = sink.arrived
    assert mail["Subject"] == "Hi First: something is waiting for you"
    assert mail["Message-ID"] == f"<{due.pk}@localhost>"
    for kind in ("plain", "html"):
        assert "http://localhost:8000/" in part(mail, kind)
        assert "Dora" not in part(mail, kind)
    assert "style=" not in part(mail, "html")


def test_the_next_occurrence_is_stored_in_the_transaction_that_settles(
    dora: Person, sink: Sink, plan: Plan
) -> None:
    inside: list[bool] = []
    plan.follow = lambda reminder: inside.append(
        transaction.get_connection().in_atomic_block and outcome(reminder) == "sent"
    )
    due = promise(dora)
    claim.tick()
    assert (inside, plan.followed) == ([True], [due.pk])


# --- Without sending -------------------------------------------------------------------------


def test_what_is_no_longer_wanted_is_dropped(dora: Person, sink: Sink, plan: Plan) -> None:
    plan.wanted = lambda _reminder: False
    due = promise(dora)
    claim.tick()
    assert (outcome(due), stages(due), sink.arrived) == ("dropped", [], [])
    assert plan.followed == [due.pk]


def test_what_comes_too_late_lapses(dora: Person, sink: Sink, plan: Plan) -> None:
    due = promise(dora, due=-10 * MINUTE, useful=9 * MINUTE)
    claim.tick()
    assert (outcome(due), sink.arrived) == ("lapsed", [])
    assert plan.followed == [due.pk]


def test_somebody_who_was_shut_out_gets_no_mail(dora: Person, sink: Sink) -> None:
    dora.is_active = False
    dora.save()
    due = promise(dora)
    claim.tick()
    assert (outcome(due), sink.arrived) == ("dropped", [])


def test_a_kind_nobody_knows_waits_for_somebody_who_does(
    dora: Person, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    due = promise(dora, kind="tomorrow")
    claim.tick()
    claim.tick()
    assert (outcome(due), sink.arrived) == ("", [])
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [str(due.pk) in error.getMessage() for error in errors] == [True]


def test_what_was_marked_during_the_greeting_is_not_sent(dora: Person, sink: Sink) -> None:
    due = promise(dora)

    def greet_slowly(post: Post) -> None:
        Reminder.drop(now=database_now(), kind=due.kind, subject=due.subject)

    with patch.object(Post, "greet", greet_slowly):
        claim.tick()
    assert (outcome(due), stages(due), sink.arrived) == ("dropped", ["failed"], [])


def test_what_was_moved_during_the_greeting_waits_for_its_new_time(
    dora: Person, sink: Sink
) -> None:
    due = promise(dora)

    def greet_slowly(post: Post) -> None:
        Reminder.objects.update(due_at=database_now() + MINUTE)

    with patch.object(Post, "greet", greet_slowly):
        claim.tick()
    assert (outcome(due), sink.arrived) == ("", [])
    assert Reminder.objects.get(pk=due.pk).lease_until is None


# --- A worker that was lost ------------------------------------------------------------------


def test_an_attempt_lost_before_handing_is_made_again(dora: Person, sink: Sink) -> None:
    due = promise(dora)
    left_behind(due, Stage.ATTEMPTING)
    claim.tick()
    assert len(sink.arrived) == 1
    assert (outcome(due), stages(due)) == ("sent", ["failed", "sent"])


def test_a_mail_that_may_have_gone_out_is_not_sent_again(
    dora: Person, sink: Sink, plan: Plan
) -> None:
    due = promise(dora)
    left_behind(due, Stage.HANDED)
    claim.tick()
    assert (outcome(due), stages(due), sink.arrived) == ("ambiguous", ["ambiguous"], [])
    assert plan.followed == [due.pk]


def test_whoever_comes_back_after_their_lease_sends_nothing(dora: Person, sink: Sink) -> None:
    due = promise(dora)
    [old] = claim.claim(now=database_now())
    lease_over(due)
    claim.claim(now=database_now())
    with Post() as post:
        Turn(old, post=post, clock=database_now).take()
    assert (outcome(due), stages(due), sink.arrived) == ("", [], [])


def test_whoever_was_frozen_while_sending_resolves_only_their_own_attempt(
    dora: Person, sink: Sink
) -> None:
    due = promise(dora)
    hand = Post.hand

    def freeze(post: Post, mail: object) -> None:
        lease_over(due)
        with patch.object(Post, "hand", hand):
            claim.tick()
        assert (outcome(due), stages(due)) == ("ambiguous", ["ambiguous"])
        hand(post, mail)  # type: ignore[arg-type]

    with patch.object(Post, "hand", freeze):
        claim.tick()
    assert len(sink.arrived) == 1
    assert (outcome(due), stages(due)) == ("ambiguous", ["sent"])


def test_a_sent_mail_whose_next_occurrence_cannot_be_stored_is_not_sent_again(
    dora: Person, sink: Sink, plan: Plan
) -> None:
    def broken(reminder: Reminder) -> None:
        raise ZeroDivisionError

    plan.follow = broken
    due = promise(dora)
    claim.tick()
    assert (outcome(due), stages(due)) == ("", ["sent"])
    plan.follow = lambda _reminder: None
    lease_over(due)
    claim.tick()
    assert (outcome(due), stages(due)) == ("sent", ["sent"])
    assert (len(sink.arrived), plan.followed) == (1, [due.pk])


# --- A mail server that does not do its part -------------------------------------------------


def test_silence_after_the_message_is_ambiguous(dora: Person, sink: Sink) -> None:
    sink.to_message = None
    due = promise(dora)
    claim.tick()
    lease_over(due)
    claim.tick()
    assert len(sink.arrived) == 1
    assert (outcome(due), stages(due)) == ("ambiguous", ["ambiguous"])


def test_a_server_that_says_later_is_asked_later_with_the_same_message_id(
    dora: Person, sink: Sink
) -> None:
    sink.to_recipient = "451 try again later"
    due = promise(dora)
    claim.tick()
    claim.tick()
    assert (outcome(due), stages(due)) == ("", ["failed"])
    sink.to_recipient = "250 OK"
    lease_over(due)
    claim.tick()
    assert [mail["Message-ID"] for mail in sink.arrived] == [f"<{due.pk}@localhost>"]
    assert (outcome(due), stages(due)) == ("sent", ["failed", "sent"])


@pytest.mark.parametrize("answer", ["451 try again later", "452 full"])
def test_a_server_that_always_says_later_is_given_up(dora: Person, sink: Sink, answer: str) -> None:
    sink.to_message = answer
    due = promise(dora)
    tick_until_settled(due)
    assert (outcome(due), stages(due)) == ("failed", ["failed"] * ATTEMPTS)


def test_a_server_that_says_never_is_believed(dora: Person, sink: Sink, plan: Plan) -> None:
    sink.to_recipient = "550 no such mailbox: dora@example.com"
    due = promise(dora)
    claim.tick()
    assert (outcome(due), stages(due)) == ("failed", ["failed"])
    assert plan.followed == [due.pk]
    assert Delivery.objects.get().error == "SMTPRecipientsRefused 550"


def test_an_address_that_smtp_cannot_carry_has_failed(dora: Person, sink: Sink) -> None:
    Person.objects.update(email="dörä@example.com")
    due = promise(dora)
    claim.tick()
    assert (outcome(due), sink.arrived) == ("failed", [])


def test_a_server_that_is_gone_costs_one_attempt_and_holds_up_nobody_else(
    dora: Person, mail_port: int, plan: Plan
) -> None:
    first, second = promise(dora, due=-2 * MINUTE), promise(dora)
    claim.tick()
    assert (stages(first), stages(second)) == (["failed"], [])
    sink = Sink()
    server = SinkServer(sink, mail_port)
    server.start()
    try:
        lease_over(second)
        claim.tick()
        assert (outcome(first), outcome(second)) == ("", "sent")
        lease_over(first)
        claim.tick()
        assert outcome(first) == "sent"
    finally:
        server.stop()


def test_a_connection_that_broke_between_two_mails_is_made_anew(dora: Person, sink: Sink) -> None:
    first, second = promise(dora, due=-2 * MINUTE), promise(dora)
    hand = Post.hand

    def hang_up_after(post: Post, mail: object) -> None:
        hand(post, mail)  # type: ignore[arg-type]
        post._server.connection.sock.close()

    with patch.object(Post, "hand", hang_up_after):
        claim.tick()
    assert (outcome(first), outcome(second), len(sink.arrived)) == ("sent", "sent", 2)


def test_pauses_grow_and_are_spread() -> None:
    assert turn.pause(1) <= turn.FIRST_PAUSE * 1.25 < turn.pause(3) * 1.25
    assert turn.pause(30) <= turn.LONGEST_PAUSE * 1.25
    assert len({turn.pause(4) for _ in range(5)}) > 1
