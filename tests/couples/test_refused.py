"""What is turned away before any view of ours has seen it stands in our frame, with a way on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from couples.models import Person
from tests.access.people import session_of
from tests.couples.test_repeats import TOKEN, Phone
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

PAGES = ("400", "403", "403_csrf", "404", "405", "429", "500")

AT_THE_DOOR = {
    "/accounts/login/": ("login", {"login": "ana@example.com", "password": "wrong words"}),
    "/accounts/password/reset/": ("reset_password", {"email": "ana@example.com"}),
    "/accounts/signup/": ("signup", {"email": "new@example.com"}),
}
INSIDE = {
    "/accounts/email/": ("manage_email", {"email": "other@example.com", "action_add": ""}),
    "/accounts/password/change/": ("change_password", {"oldpassword": "wrong words"}),
    "/accounts/reauthenticate/": ("reauthenticate", {"password": "wrong words"}),
}
LIMITS: dict[str, tuple[str, dict[str, str]]] = {**AT_THE_DOOR, **INSIDE}


def in_our_frame(page: str) -> bool:
    """True for a whole page of ours, from which one can leave quickly and go on."""
    main = page.partition("<main")[2].partition("</main>")[0]
    on = re.search(r'<a class="button[^"]*" href="/[^"]*"', main)
    return "Leave quickly" in page and "<h1>" in main and bool(on)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_refusal_stands_in_our_frame(name: str) -> None:
    assert in_our_frame(render_to_string(f"{name}.html"))


def sign_in_just_now(client: Client, person: Person) -> None:
    """Sign in, so that nothing is asked again before a sensitive act."""
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session_of(person, factor=False)


@pytest.mark.parametrize("path", LIMITS)
def test_every_limit_of_the_library_answers_in_our_frame(settings: Settings, path: str) -> None:
    action, form = LIMITS[path]
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {action: "1/h/user" if path in INSIDE else "1/h/ip"}
    ana = make_person(name="Ana")
    answers = []
    for client in (Client(), Client()):
        if path in INSIDE:
            sign_in_just_now(client, ana)
        answers.append(client.post(path, {**form, "next": "/us/"}))
    assert answers[0].status_code != 429
    assert answers[1].status_code == 429
    assert in_our_frame(answers[1].content.decode())
    assert f'href="{path}?next=%2Fus%2F"' in answers[1].content.decode()
    assert answers[1]["Retry-After"] == "60"


def test_a_second_sign_up_within_ten_seconds(settings: Settings) -> None:
    """The library's own limits, from two browsers."""
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {}
    answers = [Client().post("/accounts/signup/", {"email": "new@example.com"}) for _ in "ab"]
    assert answers[1].status_code == 429
    assert in_our_frame(answers[1].content.decode())


def test_a_limit_that_the_form_itself_tells_of_stands_on_its_page(settings: Settings) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/h/ip"}
    make_person(name="Ana")
    pages = [Client().post("/accounts/login/code/", {"email": "ana@example.com"}) for _ in "ab"]
    assert pages[1].status_code == 200
    assert "Leave quickly" in pages[1].content.decode()
    assert "errors" in pages[1].content.decode()


FORMS = {
    "/accounts/login/": {"login": "ana@example.com", "password": PASSWORD},
    "/accounts/login/code/": {"email": "ana@example.com"},
    "/accounts/signup/": {"email": "new@example.com"},
    "/accounts/password/reset/": {"email": "ana@example.com"},
}


def sent_without_cookies(path: str, form: dict[str, Any]) -> HttpResponse:
    """Send a form as a browser does that keeps no cookies, however often it loads the page."""
    phone = Phone()
    found = TOKEN.search(phone.get(path).content.decode())
    assert found
    phone.cookies.clear()
    sent = {**form, "csrfmiddlewaretoken": found[1]}
    return phone.post(path, sent, headers={"Referer": f"http://testserver{path}?next=/us/"})  # type: ignore[return-value]


@pytest.mark.parametrize("path", FORMS)
def test_without_cookies_every_form_says_that_they_are_needed(path: str) -> None:
    make_person(name="Ana")
    for _time in range(2):
        answer = sent_without_cookies(path, FORMS[path])
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "needs a cookie" in page
        assert "too old" not in page
        assert f'href="{path}?next=/us/"' in page
        assert in_our_frame(page)


@pytest.mark.parametrize("referer", ["http://[", "//elsewhere.example/", "nothing", ""])
def test_the_way_back_stays_on_this_site(referer: str) -> None:
    answer = Phone().post("/accounts/login/", {}, headers={"Referer": referer})
    assert not re.search(r'href="(//|\w+:)', answer.content.decode().partition("<main")[2])


def test_a_hidden_origin_is_not_called_an_old_page() -> None:
    phone = Phone()
    form = phone.opens("/accounts/login/")
    page = phone.post("/accounts/login/", form, headers={"Origin": "null"}).content.decode()
    assert "hides which page" in page
    assert in_our_frame(page)


def test_an_older_page_is_called_one(ana_signed_in: Phone) -> None:
    answer = ana_signed_in.post("/me/", {"csrfmiddlewaretoken": "a" * 64})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


@pytest.mark.parametrize("path", FORMS)
def test_the_door_lets_through_who_has_signed_in_meanwhile(ana_signed_in: Phone, path: str) -> None:
    """The first tap signed them in and turned the token; the second still has the old one."""
    answer = ana_signed_in.post(path, {"csrfmiddlewaretoken": "a" * 64, "next": "/us/"})
    expected = "/us/" if path != "/accounts/password/reset/" else None
    assert answer.get("Location") == expected


@pytest.fixture
def ana_signed_in() -> Phone:
    phone = Phone()
    phone.force_login(make_person(name="Ana"))
    phone.opens("/start/")
    return phone
