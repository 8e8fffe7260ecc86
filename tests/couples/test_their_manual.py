"""From the other's manual: what they share with me, and not a byte more."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.models import Couple, ManualEntry, Partner, Person, Question, Sharing, shared_with
from couples.paging import SIZE
from tests.conftest import ClientOf
from tests.factories import fresh, make_couple, make_person, write_manual

THEIRS = "/us/manual/"
EMPTY = "Nothing here just now"


def read(client: Client, url: str = THEIRS) -> str:
    return client.get(url).content.decode()


def write_all(by: Partner, sharing: str, *, start: str) -> None:
    for question in Question.values:
        write_manual(by=by, question=question, text=f"{start}-{question}.", sharing=sharing)


@pytest.mark.parametrize("sharing", [Sharing.PARTNER, Sharing.THERAPIST])
def test_everything_shared_is_there_whatever_it_answers(
    ana: Partner, ben: Partner, client_of: ClientOf, sharing: str
) -> None:
    write_all(ana, sharing, start="ANA")
    page = read(client_of(ben))
    places = [page.index(f"ANA-{question}.") for question in Question.values]
    assert places == sorted(places)
    assert "From Ana's manual" in page


def test_a_private_entry_never_enters_the_page(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    write_all(ana, Sharing.PRIVATE, start="ANA")
    write_all(ben, Sharing.PARTNER, start="BEN")
    his = client_of(ben)
    for url in (THEIRS, "/us/", "/me/manual/", "/"):
        assert b"ANA-" not in his.get(url).content
    assert EMPTY in read(his)
    # It reads as when nothing has been written at all.
    before = read(his).split("<main")[1].split("<footer")[0]
    ManualEntry.objects.filter(person=ana.person).delete()
    assert read(his).split("<main")[1].split("<footer")[0] == before


def test_what_is_taken_back_is_gone_at_once(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    entry = write_manual(by=ana, question="sorry", text="ANA-sorry.", sharing="partner")
    his = client_of(ben)
    assert "ANA-sorry." in read(his)
    entry.rewrite(by=ana, text="ANA-sorry.", sharing="private", revision=1)
    assert "ANA-" not in read(his)


def test_nobody_reads_what_was_shared_in_an_earlier_couple(
    ana: Partner, cleo: Person, client_of: ClientOf
) -> None:
    write_all(ana, Sharing.PARTNER, start="ANA")
    ana.couple.end()
    _again, next_one = make_couple(first=ana.person, second=cleo)
    assert "ANA-" not in read(client_of(next_one))


def test_whoever_is_alone_reads_kind_words(db: None, client_of: ClientOf) -> None:
    ida = fresh(Couple.start(by=make_person(name="Ida"), day_zone="UTC"))
    write_all(ida, Sharing.PARTNER, start="IDA")
    page = read(client_of(ida))
    assert EMPTY in page
    assert "IDA-" not in page
    assert "How to be with" not in read(client_of(ida), "/us/")


def test_the_way_leads_there_from_us_and_from_ones_own_manual(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    his = client_of(ben)
    assert THEIRS in read(his, "/me/manual/")
    shown, _fold, folded = read(his, "/us/").partition('id="more"')
    assert THEIRS in folded
    write_manual(by=ana, question="sorry", text="I bring tea.", sharing="partner")
    shown, _fold, folded = read(his, "/us/").partition('id="more"')
    assert THEIRS in shown
    assert THEIRS not in folded


@pytest.mark.parametrize("question", Question.values)
def test_each_question_can_be_asked_for_by_itself(
    ana: Partner, ben: Partner, question: str
) -> None:
    """What a room shows where it helps, it asks for in the same words: `shared_with`."""
    write_all(ana, Sharing.PARTNER, start="ANA")
    assert [each.text for each in shared_with(ben, question)] == [f"ANA-{question}."]
    both = shared_with(ben, Question.CLOSENESS, Question.SORRY)
    assert [each.question for each in both] == ["closeness", "sorry"]


@pytest.mark.usefixtures("much_at_once")
def test_something_else_comes_in_pages(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    for number in range(SIZE + 1):
        write_manual(by=ana, question="own", text=f"Number {number:02}", sharing="partner")
        write_manual(by=ana, question="own", text=f"Kept {number:02}")
    first = read(client_of(ben))
    after = first.split("?after=")[1].split('"')[0]
    second = read(client_of(ben), f"{THEIRS}?after={after}")
    assert first.count("Number") + second.count("Number") == SIZE + 1
    assert "Kept" not in first + second


@pytest.mark.usefixtures("much_at_once")
@pytest.mark.parametrize("many", [0, 1, 30])
def test_it_asks_the_same_queries_however_much_is_shared(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    if many:
        write_all(ana, Sharing.PARTNER, start="ANA")
    for number in range(many):
        write_manual(by=ana, question="own", text=f"Number {number}", sharing="partner")
    client = client_of(ben)
    with django_assert_num_queries(4):  # session, who has arrived, questions, and the rest
        client.get(THEIRS)
