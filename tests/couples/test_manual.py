"""My manual: mine alone until I share it, and then shown where it helps."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.models import ManualEntry, Partner, Person, Question, shared_with
from repairs.flow import Kind
from rituals.models import Approach
from tests.conftest import ClientOf
from tests.factories import act, make_couple, share_repair, write_manual

MANUAL = "/me/manual/"
TEXT = "I go quiet and count to ten."


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_an_entry_is_written_shared_and_taken_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers = client_of(ana)
    typed = {"text": TEXT, "sharing": "private"}
    assert hers.post(f"{MANUAL}new/?question=helps", typed).status_code == 302
    entry = ManualEntry.objects.get()
    url = f"{MANUAL}{entry.pk}/"
    assert TEXT in text(hers, url)
    assert hers.get(f"{MANUAL}new/?question=helps").headers["Location"] == url
    assert shared_with(ben, Question.HELPS) == []
    hers.post(url, {"text": TEXT, "sharing": "partner"})
    assert [each.text for each in shared_with(ben, Question.HELPS)] == [TEXT]
    hers.post(url, {"text": TEXT, "sharing": "private"})
    assert shared_with(ben, Question.HELPS) == []
    assert hers.post(f"{url}removal/").status_code == 302
    assert not ManualEntry.objects.exists()


def test_what_is_shared_is_shown_where_it_helps_and_nothing_else(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    his = client_of(ben)
    for question in ("upset", "helps", "worse", "home", "sorry", "closeness", "own"):
        private = question in {"upset", "own"}
        level = "private" if private else "therapist" if question == "worse" else "partner"
        write_manual(by=ana, question=question, text=f"ANA-{question}.", sharing=level)
    assert "ANA-" not in text(his, "/")
    Approach.tell(by=ana, kind=Approach.Kind.ON_MY_WAY)
    assert shown(text(his, "/")) == {"home"}
    repair = share_repair(by=ana)
    url = f"/repairs/{repair.pk}/"
    assert shown(text(his, url)) == {"helps", "worse"}
    act(repair, by=ben, kind=Kind.NOW)
    assert shown(text(his, url)) == {"helps", "worse"}
    for page in ("/us/", "/me/", MANUAL, "/repairs/", "/us/principles/"):
        assert not shown(text(his, page))


def shown(html: str) -> set[str]:
    return {question for question in Question.values if f"ANA-{question}." in html}


def test_sharing_holds_for_the_couple_in_which_it_was_chosen(
    ana: Partner, cleo: Person, client_of: ClientOf
) -> None:
    entry = write_manual(by=ana, question="helps", text=TEXT, sharing="partner")
    ana.couple.end()
    again, next_one = make_couple(first=ana.person, second=cleo)
    assert shared_with(next_one, Question.HELPS) == []
    page = text(client_of(again), f"{MANUAL}{entry.pk}/")
    assert TEXT in page
    assert 'value="private" required id="id_sharing_0" checked' in page.replace("  ", " ")


def test_the_others_entries_are_missing(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    entry = write_manual(by=ana, text=TEXT, sharing="partner")
    for method in ("get", "post"):
        assert getattr(client_of(ben), method)(f"{MANUAL}{entry.pk}/").status_code == 404
    assert client_of(ben).post(f"{MANUAL}{entry.pk}/removal/").status_code == 404


@pytest.mark.parametrize("posted", [{}, {"text": TEXT}, {"text": TEXT, "sharing": "everybody"}])
def test_what_is_not_whole_is_kept_and_asked_for(
    ana: Partner, client_of: ClientOf, posted: dict[str, str]
) -> None:
    answer = client_of(ana).post(f"{MANUAL}new/", posted)
    assert answer.status_code == 422
    assert posted.get("text", "") in answer.content.decode()


def test_a_second_answer_to_one_question_loses_neither(ana: Partner, client_of: ClientOf) -> None:
    write_manual(by=ana, question="helps", text=TEXT)
    answer = client_of(ana).post(
        f"{MANUAL}new/?question=helps", {"text": "A glass of water.", "sharing": "private"}
    )
    assert answer.status_code == 422
    assert "A glass of water." in answer.content.decode()
    assert ManualEntry.objects.get().text == TEXT


def test_the_database_knows_no_sharing_without_a_couple(ana: Partner) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write_manual(by=ana, text=TEXT).__class__.objects.update(sharing="partner")


@pytest.mark.parametrize("many", [1, 30])
def test_the_manual_asks_the_same_queries_however_long_it_is(
    ana: Partner,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    for each in range(many):
        write_manual(by=ana, question="own", text=f"{each} {uuid.uuid4()}")
    client = client_of(ana)
    with django_assert_num_queries(4):  # session, who has arrived, questions, own entries
        client.get(MANUAL)
