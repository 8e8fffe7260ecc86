"""The mark that leaving quickly leaves: what it ends, what it hides, and who takes it away."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from couples.models import Partner
from tests.conftest import ClientOf

MARK = settings.LEFT_COOKIE_NAME


@pytest.fixture
def left(ana: Partner, client_of: ClientOf) -> Client:
    """Ana's phone, which has left without the server having heard of it."""
    client = client_of(ana)
    client.cookies[MARK] = "1"
    return client


def test_the_answer_empties_no_cache(ana: Partner, client_of: ClientOf) -> None:
    """Emptying it holds somebody on the page, the longer the more they have read."""
    answer = client_of(ana).post("/leaving-quickly/")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.cookies[MARK].value == "1"
    assert answer.url == settings.LEAVE_TO  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/", "/us/", "/safety/", "/welcome/", "/no/such/page/"])
def test_a_browser_that_has_left_is_shown_nothing_of_ours(left: Client, path: str) -> None:
    page = left.get(path).content.decode()
    assert not [words for words in ("Hi First", "Ana", "Safety", "Say hi") if words in page]
    assert not Session.objects.exists()


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}])
def test_a_part_of_a_page_is_asked_for_by_nobody_and_leaves_the_mark(
    left: Client, headers: dict[str, str]
) -> None:
    answer = left.get("/", headers=headers)
    assert "Ana" not in answer.content.decode()
    assert not Session.objects.exists()
    assert left.cookies[MARK].value == "1"


def test_a_form_sent_as_a_page_is_somebody_on_purpose(left: Client) -> None:
    left.post("/accounts/login/", {"login": "ana@example.com", "password": "not the one"})
    assert not left.cookies[MARK].value or left.cookies[MARK]["max-age"] == 0
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("there", "leads"),
    [
        ("/safety/", "/safety/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("", "/"),
    ],
)
def test_coming_back_leads_to_the_page_that_was_opened_and_to_no_other_host(
    left: Client, there: str, leads: str
) -> None:
    answer = left.post("/leaving-quickly/back/", {"next": there})
    assert (answer.status_code, answer.headers["Location"]) == (303, leads)
    assert answer.cookies[MARK]["max-age"] == 0
