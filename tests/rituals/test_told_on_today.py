"""Whatever the other has done that is meant for me stands on Today, in the order of its weight."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.models import AgreementVersion, Partner, Third
from rituals.asks.flow import Kind as AskKind
from rituals.models import Appreciation, Approach, MeetingWord
from rituals.topics.flow import Kind
from tests.conftest import ClientOf
from tests.factories import (
    agree,
    fresh,
    greeting_of,
    mark,
    name_third,
    propose,
    put_ask,
    raise_topic,
    rest,
    say,
    share_repair,
    write_manual,
)

LINE = "You put the kettle on before I asked."
OLD = timedelta(days=30)


def today(client_of: ClientOf, who: Partner) -> str:
    return client_of(fresh(who)).get("/").content.decode()


def main_of(page: str) -> str:
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


def appreciate(by: Partner, words: str = LINE, *, days_ago: int = 0) -> None:
    now = database_now() - timedelta(days=days_ago)
    Appreciation.say(words, by=by, client_key=uuid.uuid4(), now=now)


def joined_long_ago(partner: Partner) -> None:
    partner.couple.partners.update(joined_at=database_now() - OLD)


@pytest.fixture(autouse=True)
def together(ana: Partner, ben: Partner) -> None:
    """They have been here for a while."""
    joined_long_ago(ana)


def test_an_appreciation_is_seen_before_hi_is_said(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    appreciate(ben, "An older one.", days_ago=1)
    appreciate(ben)
    page = today(client_of, ana)
    assert LINE in page
    assert "An older one." not in page
    assert 'id="gate"' not in page
    assert page.index(LINE) < page.index("Both halves are open.")
    assert LINE not in today(client_of, ben)
    Appreciation.objects.update(said_on=ana.couple.today(database_now()) - timedelta(days=4))
    assert LINE not in today(client_of, ana)


def test_reading_a_good_word_leaves_no_trace_for_the_other(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    appreciate(ben)
    pages = ("/", "/us/", "/appreciations/")
    fresh_value = re.compile(r'"[0-9a-zA-Z-]{36,64}"')

    def bens() -> list[str]:
        drawn = [client_of(ben).get(url).content.decode() for url in pages]
        return [fresh_value.sub("", page) for page in drawn]

    before = bens()
    today(client_of, ana)
    client_of(ana).get("/appreciations/")
    assert bens() == before


def test_a_principle_to_sign_waits_on_today_for_a_week(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    version = propose(by=ben, wording="We come back the same day.")
    page = today(client_of, ana)
    assert "Ben proposes a principle" in page
    assert "We come back the same day." in page
    assert f'href="/us/principles/{version.agreement_id}/"' in page
    assert "/signatures/" not in page
    assert "proposes a principle" not in today(client_of, ben)
    AgreementVersion.objects.update(proposed_at=database_now() - timedelta(days=8))
    assert "proposes a principle" not in today(client_of, ana)


def test_a_purpose_to_sign_is_told_without_its_words(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    propose(by=ben, wording="We come first.", area="purpose")
    page = today(client_of, ana)
    assert "Ben proposes what you two are for" in page
    assert "We come first." not in page


def test_a_principle_that_was_answered_asks_for_nothing(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    signed, refused = propose(by=ben), propose(by=ben, wording="We share our codes.")
    signed.sign(by=ana)
    refused.withdraw(by=ana)
    for who in (ana, ben):
        assert "proposes a principle" not in today(client_of, who)


def test_a_person_named_by_the_other_is_asked_about_without_a_name(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    name_third(by=ben, sort="friends", label="Robin from the choir")
    page = today(client_of, ana)
    assert "Ben asks you about something that can come between you two" in page
    assert "Robin" not in page
    assert "asks you about something" not in today(client_of, ben)
    Third.objects.get().let_go(by=ana)
    assert "asks you about something" not in today(client_of, ana)


def test_that_the_other_has_dealt_with_a_topic_is_told(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    topic = raise_topic(by=ana, words="The bins")
    topic.act(Kind.HEARD, by=ben, client_key=uuid.uuid4())
    assert "The bins" not in today(client_of, ana)
    topic.act(Kind.DEALT, by=ben, client_key=uuid.uuid4())
    assert "Ben has dealt with this. It closes when you say so too." in today(client_of, ana)
    assert "The bins" not in today(client_of, ben)
    topic.act(Kind.DEALT, by=ana, client_key=uuid.uuid4())
    assert "The bins" not in today(client_of, ana)
    assert "You have both dealt with this" in today(client_of, ben)
    topic.closed_on = ana.couple.today(database_now()) - timedelta(days=3)
    topic.save(update_fields=["closed_on"])
    assert "The bins" not in today(client_of, ben)


def test_that_the_other_has_joined_is_told_to_who_waited(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ben.couple.partners.filter(pk=ben.pk).update(joined_at=database_now())
    assert "Ben is here." in today(client_of, ana)
    assert "Ana is here." not in today(client_of, ben)
    joined_long_ago(ana)
    assert "Ben is here." not in today(client_of, ana)


def test_what_waits_stands_before_what_is_closed(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    goodbye = ana.couple.rituals.live().get(kind="goodbye")
    for each in (ana, ben):
        for ritual in (greeting_of(each), goodbye):
            mark(by=each, ritual=ritual)
    put_ask(by=ben, what="A new sofa?")
    share_repair(by=ben)
    appreciate(ben)
    page = main_of(today(client_of, ana))
    order = ["come back to something", LINE, "A new sofa?", "Saying hi", "Saying goodbye"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    # Closed circles are lines, and nothing is big that asks for nothing.
    assert page.count("card-done") == 2
    assert "card-hero" not in page


@pytest.mark.usefixtures("much_at_once")
def test_all_of_it_together_asks_no_more_than_twelve_queries(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for each in (ana, ben):
        mark(by=each)
    agree(ana, ben, wording="We come first.", area="purpose")
    for wording in ("We rest on Sundays.", "We say hi first.", "We sleep.", "We eat together."):
        propose(by=ben, wording=wording)
    Approach.tell(by=ben, kind=Approach.Kind.ON_MY_WAY)
    write_manual(by=ben, text="Ten quiet minutes", question="home", sharing="partner")
    name_third(by=ben, sort="friends", label="Robin")
    share_repair(by=ben)
    put_ask(by=ben, what="A new sofa?")
    say(put_ask(by=ana, what="A walk?"), by=ben, kind=AskKind.FINE)
    settled = raise_topic(by=ana, words="The bins")
    settled.act(Kind.DEALT, by=ben, client_key=uuid.uuid4())
    raise_topic(by=ben)
    MeetingWord.say(by=ben, words="Home by seven")
    appreciate(ben)
    rest(by=ana, ahead=0)
    client = client_of(fresh(ana))
    with django_assert_max_num_queries(12):
        page = client.get("/").content.decode()
    shown = ("We come first.", "A new sofa?", "A walk?", "The bins", LINE, "Ben asks you about")
    assert all(words in page for words in shown)
    assert page.count("proposes a principle") == 3
