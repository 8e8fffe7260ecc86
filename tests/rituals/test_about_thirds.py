"""Asks, topics and principles about a third, on its page and on theirs."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.models import Agreement, Partner, Third
from rituals.asks.flow import Kind
from rituals.models import Ask, Topic
from rituals.topics.flow import Kind as TopicKind
from rituals.waiting import SHOWN
from tests.conftest import ClientOf
from tests.factories import name_third, put_ask, say, settle


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def page_of(third: Third) -> str:
    return f"/us/thirds/{third.pk}/"


def raise_about(third: Third, *, by: Partner, words: str) -> Topic:
    topic = Topic.draft(by=by, about="plan", words=words, third=third)
    topic.bring_up(by=by, client_key=uuid.uuid4())
    return topic


def test_an_ask_that_comes_from_a_third_stands_on_its_page_while_it_is_open(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third, hers = name_third(by=ana, label="The late shift"), client_of(ana)
    address = f"/asks/new/?third={third.pk}"
    form = text(hers, address)
    chosen = re.search(rf'<input type="radio" name="asking" value="{third.pk}"[^>]*>', form)
    assert chosen
    assert "checked" in chosen[0]
    typed = {"what": "An extra Saturday", "asking": str(third.pk), "third": "My boss"}
    asked = hers.post(address, {**typed, "client_key": str(uuid.uuid4())}).headers["Location"]
    for reader in (ana, ben):
        assert "About: The late shift" in text(client_of(reader), asked)
        assert "An extra Saturday" in text(client_of(reader), page_of(third))
    say(Ask.objects.get(), by=ben, kind=Kind.FINE)
    assert "An extra Saturday" not in text(hers, page_of(third))
    assert "About: The late shift" in text(hers, asked)


def test_who_is_asking_is_chosen_among_what_stands_between_the_two(
    ana: Partner, others: tuple[Partner, Partner], client_of: ClientOf
) -> None:
    hers = client_of(ana)
    assert 'name="asking"' not in text(hers, "/asks/new/")  # nothing to choose from
    ours, theirs = name_third(by=ana, label="The choir"), name_third(by=others[0], label="Theirs")
    waiting = name_third(by=ana, label="Toni", person=True)
    form = text(hers, "/asks/new/")
    assert all(words in form for words in ("Ourselves", "The choir", "in your own words"))
    assert not any(words in form for words in ("Theirs", "Toni"))
    typed = {"what": "A concert", "client_key": str(uuid.uuid4())}
    for wrong in (theirs, waiting):
        refused = hers.post("/asks/new/", {**typed, "asking": str(wrong.pk)})
        assert refused.status_code == 422
        assert "A concert" in refused.content.decode()
    hers.post("/asks/new/", {**typed, "asking": str(ours.pk)})
    hers.post("/asks/new/", {"what": "A sofa", "asking": "", "client_key": str(uuid.uuid4())})
    assert [each.about_third for each in Ask.objects.order_by("asked_at")] == [ours, None]


def test_a_topic_about_a_third_stands_there_once_it_is_raised(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third, hers = name_third(by=ana, label="The late shift"), client_of(ana)
    address = f"/topics/new/?third={third.pk}"
    assert "About: The late shift" in text(hers, address)
    typed = {"about": "plan", "words": "Who fetches whom", "client_key": str(uuid.uuid4())}
    draft = hers.post(address, typed).headers["Location"]
    assert "About: The late shift" in text(hers, draft)
    for reader in (ana, ben):
        assert "Who fetches whom" not in text(client_of(reader), page_of(third))
    topic = Topic.objects.get()
    topic.bring_up(by=ana, client_key=uuid.uuid4())
    for reader in (ana, ben):
        assert "Who fetches whom" in text(client_of(reader), page_of(third))
    settle(topic, by=ana)
    settle(topic, by=ben)
    assert "Who fetches whom" not in text(hers, page_of(third))


def test_a_principle_proposed_from_a_third_is_about_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third, hers = name_third(by=ana, label="The late shift"), client_of(ana)
    address = f"/us/principles/new/?third={third.pk}"
    form = text(hers, address)
    assert "About: The late shift" in form
    assert '<option value="thirds" selected>' in form
    assert f"third={third.pk}" in text(hers, f"/us/principles/shelf/?third={third.pk}")
    typed = {"wording": "We eat first.", "area": "thirds", "client_key": str(uuid.uuid4())}
    assert hers.post(address, typed).status_code == 302
    third.refresh_from_db()
    assert third.principle == Agreement.objects.get()
    assert "Ana has signed. With your name it is in force." in text(client_of(ben), page_of(third))


@pytest.mark.parametrize("address", ["/asks/new/", "/topics/new/", "/us/principles/new/"])
def test_a_third_of_another_couple_a_proposed_one_and_nonsense_name_nothing(
    ana: Partner, others: tuple[Partner, Partner], client_of: ClientOf, address: str
) -> None:
    foreign = name_third(by=others[0], label="Their own")
    waiting = name_third(by=ana, label="Toni", person=True)
    gone = name_third(by=ana, label="Gone")
    gone.let_go(by=ana)
    for named in (foreign.pk, waiting.pk, gone.pk, uuid.uuid4(), "nonsense", ""):
        page = client_of(ana).get(f"{address}?third={named}")
        assert page.status_code == 200
        assert "About:" not in page.content.decode()


def test_what_was_written_about_a_third_stays_when_it_is_let_go(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana, label="The late shift")
    topic = raise_about(third, by=ana, words="Who fetches whom")
    third.let_go(by=ben)
    page = text(client_of(ana), f"/topics/{topic.pk}/")
    assert "Who fetches whom" in page
    assert "The late shift" not in page
    late = {"about": "plan", "words": "Still here", "client_key": str(uuid.uuid4())}
    assert client_of(ana).post(f"/topics/new/?third={third.pk}", late).status_code == 302
    assert Topic.objects.filter(about_third=None).count() == 1


@pytest.mark.usefixtures("much_at_once")
def test_where_more_is_open_about_a_third_the_page_leads_there(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third, hers = name_third(by=ana), client_of(ana)
    for number in range(SHOWN + 1):
        assert "More topics" not in text(hers, page_of(third))
        assert "More of what is asked" not in text(hers, page_of(third))
        topic = raise_about(third, by=ana, words=f"Topic {number}")
        topic.act(TopicKind.HEARD, by=ben, client_key=uuid.uuid4())
        ask = put_ask(by=ana, what=f"Ask {number}", about=third)
        say(ask, by=ben, kind=Kind.TALK_FIRST)
    page = text(hers, page_of(third))
    assert "More topics" in page
    assert "More of what is asked" in page
    for kind in ("Topic", "Ask"):
        assert len(re.findall(rf"{kind} \d", page)) == SHOWN
    assert "Topic 0" in text(hers, "/topics/")
    assert "Ask 0" in text(hers, "/asks/")


def test_the_page_of_a_third_costs_the_same_with_much_about_it(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    third, hers = name_third(by=ana), client_of(ana)
    for number in range(5):
        raise_about(third, by=ana, words=f"Number {number}")
    with django_assert_max_num_queries(10):
        assert "Number 4" in text(hers, page_of(third))
