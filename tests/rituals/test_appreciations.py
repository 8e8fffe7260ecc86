"""Appreciations: one line to the partner, at any time."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.models import Couple, Partner, Person
from rituals.models import Appreciation
from tests.conftest import ClientOf
from tests.factories import fresh

LINE = "You put the kettle on before I asked."


def posted(**changes: str) -> dict[str, str]:
    return {"client_key": str(uuid.uuid4()), "words": LINE, **changes}


def test_a_line_reaches_the_other_and_stays(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    assert client_of(ana).post("/appreciations/", posted()).status_code == 302
    for page in ("/us/", "/appreciations/"):
        assert LINE in client_of(ben).get(page).content.decode()
    assert LINE not in client_of(ana).get("/us/").content.decode()


def test_a_new_line_counts_once_and_what_is_too_long_is_said_and_kept(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    # A browser lets 300 characters be typed and posts each new line as two.
    full = "a\r\n" * 149 + "ab"
    assert client_of(ana).post("/appreciations/", posted(words=full)).status_code == 302
    page = client_of(ana).post("/appreciations/", posted(words="b" * 301))
    assert page.status_code == 422
    assert "There is room for 300 characters here; this has 301." in page.content.decode()
    assert "b" * 301 in page.content.decode()


def test_after_some_days_it_stands_on_its_page_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    client_of(ana).post("/appreciations/", posted())
    said = Appreciation.objects.get()
    Appreciation.objects.update(said_on=said.said_on - timedelta(days=4))
    assert LINE not in client_of(ben).get("/us/").content.decode()
    assert LINE in client_of(ben).get("/appreciations/").content.decode()


def test_a_tap_sent_again_says_it_once(ana: Partner, client_of: ClientOf) -> None:
    again = posted()
    for _time in range(3):
        client_of(ana).post("/appreciations/", again)
    assert Appreciation.objects.count() == 1


def test_an_empty_or_long_line_gets_a_message(ana: Partner, client_of: ClientOf) -> None:
    for words, message in ((" ", "nothing written here yet"), ("w" * 301, "w" * 301)):
        page = client_of(ana).post("/appreciations/", posted(words=words))
        assert page.status_code == 422
        assert message in page.content.decode()


def test_alone_it_is_kept_in_the_field(cleo: Person, client_of: ClientOf) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    page = client_of(alone).post("/appreciations/", posted())
    assert page.status_code == 422
    assert LINE in page.content.decode()


@pytest.mark.usefixtures("much_at_once")
def test_the_page_asks_a_fixed_number_of_queries(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(25):
        Appreciation.say(LINE, by=(ana, ben)[number % 2], client_key=uuid.uuid4())
    client = client_of(ana)
    with django_assert_max_num_queries(4):
        page = client.get("/appreciations/").content.decode()
    assert "?after=" in page
