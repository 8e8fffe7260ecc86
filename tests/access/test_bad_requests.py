"""Requests that no browser would send: refused plainly, never a failure."""

from __future__ import annotations

import random
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as installed
from django.db import connection
from django.test import Client
from django.urls import reverse

from repairs.terms import Kind
from tests.access.people import ANA, ANONYMOUS, World
from tests.access.posting import FAILURE, FORM, POSTS, good, one_a_view, role_of
from tests.access.test_matrix import PLACES

pytestmark = pytest.mark.django_db

VIEWS = one_a_view()

BODIES = {
    "nothing": (b"", FORM),
    "bytes that are no text": (b"words=\xff\xfe\xc3\x28&name=%ff%fe%c3%28&%00=%00", FORM),
    "another encoding": ("words=é".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "an unknown encoding": (b"words=a", f"{FORM}; charset=klingon"),
    "no text encoding": (b"words=a", f"{FORM}; charset=base64"),
    "too many fields": (b"&".join(b"f%d=1" % n for n in range(2000)), FORM),
    "10 MB": (b"words=" + b"w" * 10_000_000, FORM),
    "JSON": (b'{"words": null}', "application/json"),
    "a form cut short": (
        b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nab',
        "multipart/form-data; boundary=b",
    ),
    "a form without its boundary": (b"--b\r\n", "multipart/form-data"),
    "a form in no text encoding": (
        b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nab\r\n--b--\r\n',
        "multipart/form-data; boundary=b; charset=base64",
    ),
    "a file for words": (
        b'--b\r\nContent-Disposition: form-data; name="words"; filename="a/../b"\r\n\r\n'
        b"ab\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    "a form of 10 MB": (
        b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n'
        + b"w" * 10_000_000
        + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
}


@pytest.mark.parametrize("what", BODIES)
def test_no_body_is_taken_badly(world: World, client_for_all: Client, what: str) -> None:
    body, content_type = BODIES[what]
    failed = {}
    for name in VIEWS:
        url = world.url(PLACES[name])
        answer = world.ask(
            client_for_all, role_of(name), "POST", url, data=body, content_type=content_type
        )
        if answer.status_code >= FAILURE:
            failed[name] = repr(answer.exc_info[1])[:200]  # type: ignore[attr-defined]
    assert not failed


HEADERS = {
    "no address": {"HX-Request": "true", "HX-Current-URL": "http://["},
    "no address to come from": {"Referer": "http://["},
    "another host": {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example//x/"},
    "a session that is none": {"Cookie": f'{installed.SESSION_COOKIE_NAME}="\\000aaaaaaaaaaaa"'},
    "a long session": {"Cookie": f"{installed.SESSION_COOKIE_NAME}={'a' * 3000}"},
    "a broken token": {"Cookie": f'{installed.CSRF_COOKIE_NAME}="\\000"', "X-CSRFToken": "\x01"},
    "broken messages": {"Cookie": 'messages="\\000:::"'},
    "a strange language": {"Accept-Language": "\x00-xx;q=9,,," + "a-" * 600},
}


@pytest.mark.parametrize("what", HEADERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_header_is_taken_badly(
    world: World, client_for_all: Client, what: str, method: str
) -> None:
    failed = {}
    for name in VIEWS:
        url = world.url(PLACES[name])
        for role in (ANONYMOUS, role_of(name)):
            if "Cookie" in HEADERS[what] and role != ANONYMOUS:
                continue
            answer = world.ask(client_for_all, role, method, url, headers=HEADERS[what])
            if answer.status_code >= FAILURE:
                failed[name] = repr(answer.exc_info[1])[:200]  # type: ignore[attr-defined]
    assert not failed


@pytest.mark.parametrize(
    "query",
    ["door=%00", "next=//elsewhere.example", "next=%00", "next=http://[", "page=-1&%ff=%ff"],
)
def test_no_question_is_taken_badly(world: World, client_for_all: Client, query: str) -> None:
    for name in VIEWS:
        url = f"{world.url(PLACES[name])}?{query}"
        for role in (ANONYMOUS, role_of(name)):
            answer = world.ask(client_for_all, role, "GET", url)
            assert answer.status_code < FAILURE, name
            assert "elsewhere.example" not in answer.headers.get("Location", "").split("next=")[0]


@pytest.mark.parametrize("token", ["\x00", "ÿ" * 300, "..%2f..", "a" * 5000, "\u202e", "%00"])
def test_a_link_that_is_none_is_closed(world: World, client_for_all: Client, token: str) -> None:
    for before in ("/join/", "/us/therapist/invitation/"):
        for method in ("GET", "POST"):
            url = f"{before}{quote(token)}/"
            assert world.ask(client_for_all, ANA, method, url).status_code == 404


@pytest.mark.parametrize("path", ["not-a-uuid", "%00", "0" * 400, "../" * 9, "%ff%fe"])
def test_a_path_that_is_none_is_missing(world: World, client_for_all: Client, path: str) -> None:
    for shape in ("/repairs/{}/", "/rituals/{}/marks/", "/repairs/{}/hurts/", "/{}"):
        answer = world.ask(client_for_all, ANA, "POST", shape.format(path))
        assert answer.status_code in {404, 405}


# --- Again, and in the wrong order -----------------------------------------------------------


GROWS = {
    "practice_invitations": "one link for each couple a therapist invites; each can be ended",
}
"""Addresses where the same post makes another row, and why nobody is harmed by it."""


@pytest.mark.parametrize("name", POSTS)
def test_a_post_sent_again_makes_nothing_more(
    world: World, client_for_all: Client, name: str
) -> None:
    """A second tap, a reload, a phone that repeats itself: every table holds what it held."""
    fine = urlencode(good(name))
    with world.staying(role_of(name), client_for_all) as browser:
        held = []
        for _time in range(3):
            answer = browser.post(world.url(PLACES[name]), fine, content_type=FORM)
            assert answer.status_code < FAILURE
            held.append(rows_of_all_tables())
    grown = {table for later in held[1:] for table in later if later[table] > held[0][table]}
    assert not grown or name in GROWS, grown


def rows_of_all_tables() -> dict[str, int]:
    """Count the rows of every table, in one query."""
    tables = connection.introspection.table_names()
    each = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


@pytest.mark.parametrize("seed", range(4))
def test_steps_in_any_order_are_harmless(world: World, client_for_all: Client, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - an order to try, not a secret
    steps = [name for name in POSTS if name.startswith(("repair_", "ritual_", "mark_"))]
    with world.staying(ANA, client_for_all) as browser:
        for _step in range(60):
            name = dice.choice(steps)
            world.enter_as(browser, dice.choice([ANA, "ben"]))
            posted = {**good(name), "kind": dice.choice(sorted(Kind))}
            answer = browser.post(world.url(PLACES[name]), posted)
            assert answer.status_code < FAILURE, name


# --- Without its token -----------------------------------------------------------------------


WITHOUT_TOKEN = {
    # It never fails, and all it can do is to sign somebody out.
    "leave_quickly": 303,
    "come_back": 303,
    # A mail program has no token of ours; the address in the mail is signed, and this one is none.
    "reminder_off": 422,
}


def test_a_post_without_its_token_is_refused_everywhere(world: World) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for name in POSTS:
        answer = world.ask(strict, role_of(name), "POST", world.url(PLACES[name]), data="a=b")
        assert answer.status_code == WITHOUT_TOKEN.get(name, 403), name


def test_the_address_of_a_form_opened_by_itself_is_no_blank_page(world: World) -> None:
    page = world.ask(Client(), ANA, "GET", reverse("approaches"))
    assert page.status_code == 405
    assert page["Allow"] == "POST"
    assert "Go to Today" in page.content.decode()
    assert "Leave quickly" in page.content.decode()


def test_a_refused_post_says_so_in_our_words(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = world.ask(strict, ANA, "POST", reverse("me"), data="name=x")
    assert b"<h1" in answer.content
    assert b"CSRF" not in answer.content
