"""By keyboard a form of the account goes from field to field, and then to what it does."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client

from tests.couples.test_refused import sign_in_just_now
from tests.couples.test_signing_in import CODES, CONFIRM
from tests.factories import make_person

pytestmark = pytest.mark.django_db

AT_THE_DOOR = (
    "/accounts/login/",
    "/accounts/signup/",
    CODES,
    CONFIRM,
    "/accounts/password/reset/",
)
INSIDE = (
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/totp/activate/",
)


class Stops(HTMLParser):
    """What the Tab key comes to, form by form: fields, and what does something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[list[str]] = []
        self.words: list[str] = []
        self._inside = False
        self.feed(page.partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.forms.append([])
            self._inside = True
        elif not self._inside or said.get("type") == "hidden":
            return
        elif tag in {"input", "select", "textarea"}:
            self.forms[-1].append("field")
        elif tag == "button" or (tag == "a" and "href" in said):
            self.forms[-1].append("main" if "button-main" in str(said.get("class")) else "way")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def page_at(client: Client, path: str) -> str:
    make_person(name="Ana")
    if path in INSIDE:
        sign_in_just_now(client, make_person(name="Ben"))
    if path == CONFIRM:
        client.post(CODES, {"email": "ana@example.com"})
        assert mail.outbox
    page = client.get(path)
    assert page.status_code == 200, path
    return page.content.decode()


@pytest.mark.parametrize("path", [*AT_THE_DOOR, *INSIDE])
def test_nothing_stands_between_two_fields(client: Client, path: str) -> None:
    for form in Stops(page_at(client, path)).forms:
        fields = form.count("field")
        assert form[:fields] == ["field"] * fields, form


def test_the_forgotten_password_comes_after_the_password(client: Client) -> None:
    page = page_at(client, "/accounts/login/")
    password, forgot = page.index('type="password"'), page.index("Forgot your password?")
    assert password < forgot
    assert Stops(page).forms[0][:4] == ["field", "field", "way", "main"]
