"""What the browser is told to keep out: headers, cookies, frames, other hosts."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from couples.models import Invitation
from tests.access import people
from tests.access.people import ANA, ANONYMOUS, CLEO, DR_LIN, World
from tests.access.test_matrix import PLACES
from tests.factories import PASSWORD, make_person
from therapists.models import TherapistLink

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "worker-src": {"'self'"},
    "base-uri": {"'none'"},
    # The redirect after leaving quickly counts as a form's target.
    "form-action": {"'self'", settings.LEAVE_TO},
    "frame-ancestors": {"'none'"},
}
DENIED = ("camera", "microphone", "geolocation", "display-capture", "payment", "usb")


def policy(answer: HttpResponse) -> dict[str, set[str]]:
    """Return the content security policy of an answer, by directive."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_answer_carries_the_walls(world: World, client_for_all: Client, name: str) -> None:
    for role in (ANONYMOUS, ANA, CLEO, DR_LIN):
        for method in ("GET", "POST"):
            answer = world.ask(client_for_all, role, method, world.url(PLACES[name]))
            headers = answer.headers
            assert policy(answer) == POLICY
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert "HX-Request" in re.split(r",\s*", headers["Vary"])
            assert all(f"{sense}=()" in headers["Permissions-Policy"] for sense in DENIED)


@pytest.mark.parametrize("url", ["/nowhere/", "/repairs/not-a-uuid/", "/start"])
def test_errors_and_redirects_carry_them_too(
    world: World, client_for_all: Client, url: str
) -> None:
    answer = world.ask(client_for_all, ANA, "GET", url)
    assert answer.status_code in {301, 404}
    assert policy(answer) == POLICY
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_in_the_policy_is_unsafe_or_a_wildcard() -> None:
    sources = {source for each in POLICY.values() for source in each}
    assert not [source for source in sources if "unsafe" in source or "*" in source]


# --- Pages never come as pieces --------------------------------------------------------------


WHOLE_FOR_ANYBODY = {"usersessions_list", "leave_quickly", "come_back", "address_taking_back"}
"""Pages and forms that no part of a page asks for: they lead on to whole pages, whoever asks."""


@pytest.mark.parametrize("name", sorted(n for n in PLACES if not n.startswith(("account_", "mfa"))))
def test_the_way_to_sign_in_is_never_put_into_a_card(
    world: World, client_for_all: Client, name: str
) -> None:
    for method in ("GET", "POST"):
        answer = world.ask(
            client_for_all,
            ANONYMOUS,
            method,
            world.url(PLACES[name]),
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/repairs/"},
        )
        if name not in WHOLE_FOR_ANYBODY:
            assert "Location" not in answer.headers
        if sent := answer.headers.get("HX-Redirect"):
            assert not answer.content
            assert sent in {"/accounts/login/?next=/repairs/", "/welcome/"}


def test_nothing_in_a_page_asks_for_a_page_of_the_library_as_a_piece() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        asked = re.findall(r"\shx-(?:get|post|boost)=\"([^\"]*)\"", template.read_text())
        assert not [each for each in asked if "account" in each or "mfa_" in each or each == "true"]


# --- Links act by POST alone -----------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_an_invitation_accepts_nothing(
    world: World, client_for_all: Client, method: str
) -> None:
    join = world.url(PLACES["join"])
    opening = world.url(PLACES["us_therapist_invitation"])
    before = _invitations()
    for role in (ANONYMOUS, CLEO, people.KIM, ANA):
        with world.staying(role, client_for_all) as browser:
            for url in (join, opening):
                browser.generic(method, url)
                browser.generic(method, url, headers={"HX-Request": "true"})
            assert _invitations() == before


def _invitations() -> list[Any]:
    return [
        *Invitation.objects.order_by("pk").values_list("pk", "accepted_at", "ended_at"),
        *TherapistLink.objects.order_by("pk").values_list("pk", "couple", "opened_at", "ended_at"),
    ]


# --- Cookies ---------------------------------------------------------------------------------


@contextmanager
def served_at(base_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Take the settings that an installation at this address would have."""
    monkeypatch.setenv("BASE_URL", base_url)
    named = ("SESSION_COOKIE", "CSRF_", "SECURE_", "LANGUAGE_COOKIE", "ALLOWED_HOSTS", "MESSAGE_")
    read = runpy.run_path(str(ROOT / "config" / "settings.py"))
    chosen = {key: value for key, value in read.items() if key.startswith(named)}
    with override_settings(**chosen):
        yield chosen


def signed_in(secure: bool) -> HttpResponse:
    """Sign in by password with a browser of one's own, and return the answer."""
    person = make_person(name="Nia")
    browser = Client(HTTP_HOST="hifirst.example" if secure else "localhost")
    browser.get(reverse("account_login"), secure=secure)
    posted = {"login": person.email, "password": PASSWORD}
    answer = browser.post(reverse("account_login"), posted, secure=secure)
    assert answer.status_code == 302
    page = browser.get(answer.headers["Location"], secure=secure)
    answer.cookies.update(page.cookies)
    answer.cookies.update(browser.cookies)
    return answer  # type: ignore[return-value]


def test_over_https_cookies_belong_to_this_host_alone(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served_at("https://hifirst.example", monkeypatch):
        cookies = signed_in(secure=True).cookies
    assert set(cookies) == {"__Host-session", "__Host-csrf"}
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert cookie["samesite"] == "Lax"


def test_over_http_on_loopback_cookies_carry_the_port(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served_at("http://localhost:8123", monkeypatch):
        cookies = signed_in(secure=False).cookies
    assert set(cookies) == {"session_8123", "csrf_8123"}
    for cookie in cookies.values():
        assert not cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_over_https_plain_http_leads_there_and_stays_away(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served_at("https://hifirst.example", monkeypatch):
        browser = Client(HTTP_HOST="hifirst.example")
        plain = browser.get("/welcome/")
        assert plain.status_code == 301
        assert plain.headers["Location"] == "https://hifirst.example/welcome/"
        strict = browser.get("/welcome/", secure=True).headers["Strict-Transport-Security"]
        assert strict == "max-age=31536000; includeSubDomains; preload"
        # Health is asked from inside the machine.
        assert [browser.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
        assert browser.get("/healthzz").status_code == 301


def test_on_loopback_nothing_is_said_about_https(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with served_at("http://localhost:8123", monkeypatch):
        answer = Client(HTTP_HOST="localhost").get("/welcome/")
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers


def test_another_name_for_this_host_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with served_at("https://hifirst.example", monkeypatch):
        answer = Client(HTTP_HOST="elsewhere.example").get("/welcome/", secure=True)
    assert answer.status_code == 400


# --- What lies in the tree -------------------------------------------------------------------

TEXTS = [
    path
    for folder in ("templates", "static")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".html", ".txt", ".js", ".css", ".svg", ".webmanifest"}
]
INLINE = {
    "a style": re.compile(r"<style|\sstyle\s*=\s*[\"']", re.IGNORECASE),
    "a handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "code in an attribute": re.compile(
        r"\shx-(?:on|vals\s*=\s*[\"']js)|javascript:", re.IGNORECASE
    ),
    "words without escaping": re.compile(r"\|\s*safe\b|autoescape\s+off|mark_safe"),
}
# Help texts of forms are ours and may hold markup, as Django has it; nobody types them.
ALLOWED = {"help.html": {"words without escaping"}}
CODE = re.compile(
    r"\beval\(|new Function|innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write"
)
HOST = re.compile(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
NAMES_ONLY = {"www.w3.org"}
"""Hosts that name a vocabulary and are never asked for anything."""


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_nothing_inline_and_names_no_other_host(text: Path) -> None:
    source = text.read_text()
    shapes = INLINE if text.suffix == ".html" else {}
    found = {name for name, shape in shapes.items() if shape.search(source)}
    assert found <= ALLOWED.get(text.name, set())
    assert text.suffix != ".js" or not CODE.search(source)
    assert not set(HOST.findall(source.replace(settings.LEAVE_TO, ""))) - NAMES_ONLY


def test_pages_as_sent_name_no_other_host_but_the_way_out(
    world: World, client_for_all: Client
) -> None:
    for name, place in PLACES.items():
        for role in (ANONYMOUS, ANA, DR_LIN):
            page = world.ask(client_for_all, role, "GET", world.url(place)).content.decode()
            found = set(HOST.findall(page.replace(settings.LEAVE_TO, ""))) - NAMES_ONLY
            assert found <= {"example.com"}, name
            # What a hint looks for is a pattern of words, "|safe|" among them, and no template.
            drawn = re.sub(r' data-raised="[^"]*"', "", page)
            assert not [shape for key, shape in INLINE.items() if shape.search(drawn)], name
