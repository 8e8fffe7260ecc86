"""No page counts, ranks or compares one partner against the other.

Two couples have lived the same days with the same words. In one of them the first did most of it,
in the other the second. Every number in the context of a page or on the page itself has to be the
same for both: one that differs counts what one of the two did.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from couples.models import Partner
from tests.access.lived import live
from tests.access.people import session_of, undone
from tests.access.test_matrix import PLACES, TABLE
from tests.factories import make_couple, make_person
from tests.therapists.factories import link_with_consent, make_therapist

pytestmark = pytest.mark.django_db

PAGES = [
    name
    for name, row in TABLE.items()
    if row.gate.startswith("partner") and "GET" in row.methods and not PLACES[name].takes
]

FOR_ONESELF = {
    "my_practice": "one's own marks, a line a day, on a page that nobody else can open",
    "felt_scale_csi-4": "one's own results, and not there until an operator adds the wording",
    "felt_scale_csi-16": "one's own results, and not there until an operator adds the wording",
}
"""Pages that are about the viewer alone; they show no sum of what somebody did."""

FRAME = {"request", "view", "forloop", "csrf_token", "block", "messages", "perms", "user", "True"}


@pytest.fixture(scope="module")
def clients(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Client, Client]]:
    """The browsers of two: one did more than the other, and one did less."""
    with django_db_blocker.unblock(), undone():
        ana, ben = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
        eve, ari = make_couple(first=make_person(name="Eve"), second=make_person(name="Ari"))
        live(ana, ben)
        live(ari, eve)
        for name, two in {"Dr. Lin": (ana, ben), "Dr. Ro": (eve, ari)}.items():
            link_with_consent(make_therapist(name=name), *two)
        yield _browser(ana), _browser(eve)


def _browser(partner: Partner) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(partner.person, factor=False)
    return client


@pytest.mark.parametrize("name", [name for name in PAGES if name not in FOR_ONESELF])
def test_a_page_shows_no_number_of_one_partner(clients: tuple[Client, Client], name: str) -> None:
    did_more, did_less = (client.get(reverse(name)) for client in clients)
    assert did_more.status_code == did_less.status_code == 200
    assert _numbers(did_more) == _numbers(did_less)
    assert _shown(did_more.content.decode()) == _shown(did_less.content.decode())


def test_every_page_that_is_left_out_has_a_reason_to_be() -> None:
    assert set(FOR_ONESELF) <= set(PAGES)


def test_a_count_for_each_partner_would_be_found() -> None:
    """The two ways of looking, tried on pages that do what no page may do."""
    mine, theirs = ({"totals": {"mine": n, "theirs": 7 - n}} for n in (5, 2))
    assert set(_walk("", mine)) != set(_walk("", theirs))
    page = Template("<p>{{ rows|length }} of 7</p><svg><rect height='{{ rows|length }}'/></svg>")
    told = [page.render(Context({"rows": range(n)})) for n in (5, 2)]
    assert _shown(told[0]) != _shown(told[1])
    assert _shown("<rect height='5'/>") != _shown("<rect height='2'/>")


# --- Numbers in contexts -------------------------------------------------------------------------


def _numbers(response: Any) -> set[tuple[str, float]]:
    """Return every number in a page's contexts, by the way that leads to it."""
    found: set[tuple[str, float]] = set()
    for context in response.context:
        # A widget is drawn with all of its page's context, once for each choice.
        if "widget" not in context:
            for layer in context.dicts:
                found.update(_walk("", layer))
    return found


def _walk(way: str, what: object, *, deep: int = 8) -> Iterator[tuple[str, float]]:
    """Yield the numbers inside `what`; rows of the database and forms are not counts."""
    if isinstance(what, int | float) and not isinstance(what, bool):
        yield way, what
    elif deep:
        for name, each in _inside(what):
            yield from _walk(way + name, each, deep=deep - 1)


def _inside(what: object) -> Iterator[tuple[str, object]]:
    if isinstance(what, Mapping):
        yield from ((f".{key}", each) for key, each in what.items() if key not in FRAME)
    elif isinstance(what, list | tuple | set | frozenset):
        yield from (("[]", each) for each in what)
    elif dataclasses.is_dataclass(what):
        names = [field.name for field in dataclasses.fields(what)]
        yield from ((f".{name}", getattr(what, name, None)) for name in names)


# --- Numbers on the page -------------------------------------------------------------------------

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOLD = {"aria-label", "aria-valuenow", "title", "alt"}
DRAWN = {"x", "y", "cx", "cy", "r", "d", "width", "height", "points", "x1", "y1", "x2", "y2"}


class Reader(HTMLParser):
    """Gathers what a page says, aloud or in print, and what it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "template"}
        self.said += [value or "" for name, value in attrs if name in TOLD | DRAWN]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "template"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def _shown(html: str) -> Counter[str]:
    """Return the numbers that somebody sees or hears on a page, and how often each."""
    reader = Reader()
    reader.feed(UUID.sub("", html))
    return Counter(re.findall(r"\d+(?:\.\d+)?", " ".join(reader.said)))
