"""My manual: mine alone until I share it, and then shown where it helps."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.models import ManualEntry, ManualRefused, Partner, Person, Question, shared_with
from repairs.terms import Kind
from rituals.models import Approach
from tests.at_once import at_once, refused
from tests.conftest import ClientOf
from tests.factories import act, fresh, make_couple, share_repair, write_manual

MANUAL = "/me/manual/"
TEXT = "I go quiet and count to ten."


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def new(**fields: str) -> dict[str, str]:
    """Return what the form of a new entry sends."""
    return {"sharing": "private", "client_key": str(uuid.uuid4()), **fields}


def test_an_entry_is_written_shared_and_taken_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers = client_of(ana)
    typed = new(text=TEXT)
    assert hers.post(f"{MANUAL}new/?question=helps", typed).status_code == 302
    entry = ManualEntry.objects.get()
    url = f"{MANUAL}{entry.pk}/"
    assert TEXT in text(hers, url)
    assert hers.get(f"{MANUAL}new/?question=helps").headers["Location"] == url
    assert shared_with(ben, Question.HELPS) == []
    hers.post(url, {"text": TEXT, "sharing": "partner", "revision": "1"})
    assert [each.text for each in shared_with(ben, Question.HELPS)] == [TEXT]
    hers.post(url, {"text": TEXT, "sharing": "private", "revision": "2"})
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
    assert shown(text(his, url)) == {"helps", "worse", "closeness"}
    act(repair, by=ben, kind=Kind.NOW)
    assert shown(text(his, url)) == {"helps", "worse", "closeness"}
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
    answer = client_of(ana).post(f"{MANUAL}new/?question=helps", new(text="A glass of water."))
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


# --- Two taps, two phones ------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["own", "helps"])
def test_a_repeated_tap_keeps_one_entry(ana: Partner, client_of: ClientOf, question: str) -> None:
    same = new(text=TEXT, sharing="partner")
    for _tap in range(3):
        answer = client_of(ana).post(f"{MANUAL}new/?question={question}", same)
        assert answer.status_code == 302
    assert ManualEntry.objects.get().text == TEXT


def test_a_form_sent_again_with_other_words_loses_neither(
    ana: Partner, client_of: ClientOf
) -> None:
    url, same = f"{MANUAL}new/?question=own", new(text=TEXT)
    hers = client_of(ana)
    hers.post(url, same)
    # Other words than those the key went out with are something new.
    assert hers.post(url, {**same, "text": "I hum."}).status_code == 302
    assert {each.text for each in ManualEntry.objects.all()} == {TEXT, "I hum."}


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the form on a page."""
    found = re.findall(r'<input type="hidden" name="(client_key|revision)" value="([^"]*)"', page)
    assert len(found) == 1
    return dict(found)


def test_a_change_from_an_older_page_is_shown_back_beside_what_stands(
    ana: Partner, client_of: ClientOf
) -> None:
    entry = write_manual(by=ana, question="helps", text=TEXT)
    url = f"{MANUAL}{entry.pk}/"
    phone, laptop = client_of(ana), client_of(ana)
    drawn = hidden(text(phone, url)) | {"sharing": "private"}
    laptop.post(url, {**hidden(text(laptop, url)), "text": "A walk.", "sharing": "partner"})
    answer = phone.post(url, {**drawn, "text": "A glass of water."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This has changed since the page was drawn. Your words are below." in page
    assert "What stands there now" in page
    assert "A walk." in page
    assert "Who may read it: My partner" in page
    assert ">\nA glass of water.</textarea>" in page
    entry.refresh_from_db()
    assert (entry.text, entry.sharing) == ("A walk.", "partner")
    again = {**hidden(page), "text": "A walk, or a glass of water.", "sharing": "private"}
    assert phone.post(url, again).status_code == 302
    entry.refresh_from_db()
    assert (entry.text, entry.sharing) == ("A walk, or a glass of water.", "private")


def test_a_change_sent_twice_changes_once(ana: Partner, client_of: ClientOf) -> None:
    entry = write_manual(by=ana, question="helps", text=TEXT)
    url, hers = f"{MANUAL}{entry.pk}/", client_of(ana)
    same = {**hidden(text(hers, url)), "text": "A walk.", "sharing": "partner"}
    for _tap in range(2):
        assert hers.post(url, same).status_code == 302
    entry.refresh_from_db()
    assert (entry.text, entry.revision) == ("A walk.", 2)


def test_what_was_thrown_away_meanwhile_is_said_so(ana: Partner) -> None:
    entry = write_manual(by=ana, question="helps", text=TEXT)
    ManualEntry.objects.get().throw_away()
    with pytest.raises(ManualRefused, match="thrown away"):
        entry.rewrite(by=ana, text="A walk.", sharing="private", revision=1)
    assert not ManualEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_two_phones_at_once_keep_one_change_and_refuse_the_other(ana: Partner, _again: int) -> None:
    write_manual(by=ana, question="helps", text=TEXT)
    phones = [(fresh(ana), ManualEntry.objects.get(), words) for words in ("A walk.", "Tea.")]
    results = at_once(
        *(
            lambda me=me, mine=mine, words=words: mine.rewrite(
                by=me, text=words, sharing="private", revision=1
            )
            for me, mine, words in phones
        )
    )
    assert [type(each) for each in refused(results)] == [ManualRefused]
    kept = ManualEntry.objects.get()
    assert (kept.text, kept.revision) == (phones[results.index(None)][2], 2)


@pytest.mark.django_db(transaction=True)
def test_one_tap_sent_twice_at_once_keeps_one_entry(ana: Partner) -> None:
    key, phones = uuid.uuid4(), [fresh(ana), fresh(ana)]
    made = at_once(
        *(
            lambda me=me: ManualEntry.write(
                by=me, question="own", text=TEXT, sharing="private", client_key=key
            )
            for me in phones
        )
    )
    assert not refused(made)
    assert ManualEntry.objects.count() == 1
