"""A good day: one question now and then, to one of the two, to share or to keep."""

from __future__ import annotations

import uuid
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.days import DAY, week_of
from couples.models import Couple, Partner
from rituals.good_days.models import Question, question_of
from rituals.models import GoodDay
from tests.conftest import ClientOf


@given(couple=st.uuids(), day=st.dates(date(2024, 1, 1), date(2040, 1, 1)))
def test_a_week_has_one_question_at_most_and_every_page_agrees(
    couple: uuid.UUID, day: date
) -> None:
    week = [week_of(day) + DAY * n for n in range(7)]
    asked = {question_of(Couple(id=couple), each) for each in week}
    assert len(asked) == 1
    (question,) = asked
    if question:
        assert question.seat in {1, 2}
        assert question.since in week


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this week's question be ana's."""

    def of_ana(_couple: Couple, day: date) -> Question:
        return Question(week=week_of(day), seat=1, since=week_of(day), words="What was easy?")

    for module in ("rituals.cards", "rituals.good_days.views"):
        monkeypatch.setattr(f"{module}.question_of", of_ana)


@pytest.mark.parametrize(("outcome", "seen"), [("shared", True), ("kept", False)])
def test_what_is_shared_is_seen_and_what_is_kept_is_not(
    ana: Partner, ben: Partner, client_of: ClientOf, asked: None, outcome: str, seen: bool
) -> None:
    anas, bens = client_of(ana), client_of(ben)
    assert "What was easy?" in anas.get("/").content.decode()
    assert "What was easy?" not in bens.get("/").content.decode()
    answer = {"outcome": outcome, "words": "The walk home"}
    assert anas.post("/rituals/good-days/", answer).status_code == 302
    assert "The walk home" in anas.get("/rituals/good-days/").content.decode()
    assert "What was easy?" not in anas.get("/").content.decode()
    for url in ("/", "/rituals/good-days/"):
        assert ("The walk home" in bens.get(url).content.decode()) is seen


def test_a_question_let_pass_is_not_asked_again_and_tells_nobody(
    ana: Partner, ben: Partner, client_of: ClientOf, asked: None
) -> None:
    before = client_of(ben).get("/rituals/good-days/").content
    client_of(ana).post("/rituals/good-days/", {"outcome": "passed", "words": "half a thought"})
    assert GoodDay.objects.get().words is None
    assert "What was easy?" not in client_of(ana).get("/").content.decode()
    assert len(client_of(ben).get("/rituals/good-days/").content) == len(before)


@pytest.mark.parametrize(
    ("outcome", "told"), [("shared", True), ("kept", False), ("passed", False)]
)
def test_the_live_line_tells_of_what_is_shared_alone(
    ana: Partner, outcome: str, told: bool
) -> None:
    week = week_of(date(2026, 7, 1))
    with patch.object(Couple, "publish") as publish:
        GoodDay.answer(by=ana, week=week, outcome=outcome, words="The walk home")
        GoodDay.answer(by=ana, week=week, outcome=outcome, words="The walk home")  # tapped twice
    assert publish.call_count == int(told)


def test_an_empty_answer_is_said_so(ana: Partner, client_of: ClientOf, asked: None) -> None:
    page = client_of(ana).post("/rituals/good-days/", {"outcome": "shared", "words": " "})
    assert page.status_code == 422
    assert "There is nothing written here yet." in page.content.decode()


def test_an_answer_to_a_question_that_is_gone_is_given_back(
    ben: Partner, client_of: ClientOf, asked: None
) -> None:
    late = {"outcome": "shared", "words": "The walk home"}
    page = client_of(ben).post("/rituals/good-days/", late)
    assert page.status_code == 422
    for told in ("There is no question open for you just now.", "The walk home"):
        assert told in page.content.decode()
    assert not GoodDay.objects.exists()


@pytest.mark.parametrize("outcome", ["kept", "shared", "passed"])
def test_an_answer_to_last_weeks_question_is_none_to_this_weeks(
    ana: Partner, client_of: ClientOf, asked: None, outcome: str
) -> None:
    client = client_of(ana)
    week = week_of(ana.couple.today(database_now()))
    assert f'name="week" value="{week}"' in client.get("/").content.decode()
    assert f'name="week" value="{week}"' in client.get("/rituals/good-days/").content.decode()
    late = {"outcome": outcome, "words": "The walk home", "week": str(week - 7 * DAY)}
    page = client.post("/rituals/good-days/", late)
    assert not GoodDay.objects.exists()
    assert "The question that this answers is no longer open." in page.content.decode()
    assert "The walk home" in page.content.decode()
    assert client.post("/rituals/good-days/", late | {"week": str(week)}).status_code == 302
    assert GoodDay.objects.get().week == week


def test_the_page_asks_a_fixed_number_of_queries(
    ana: Partner,
    client_of: ClientOf,
    asked: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for weeks in range(1, 30):
        week = week_of(date.today()) - 7 * DAY * weeks  # noqa: DTZ011 - any week
        GoodDay.answer(by=ana, week=week, outcome="kept", words="The walk home")
    client = client_of(ana)
    with django_assert_max_num_queries(4):
        assert "?after=" in client.get("/rituals/good-days/").content.decode()


def test_the_other_is_not_asked_and_an_answer_stands(
    ana: Partner, ben: Partner, client_of: ClientOf, asked: None
) -> None:
    client_of(ben).post("/rituals/good-days/", {"outcome": "kept", "words": "Not mine"})
    assert not GoodDay.objects.exists()
    for words in ("The first", "The second"):
        GoodDay.answer(by=ana, week=date(2026, 11, 23), outcome="kept", words=words)
    assert GoodDay.objects.get().words == "The first"
