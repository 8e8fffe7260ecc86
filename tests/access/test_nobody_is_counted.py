"""No page counts, ranks or compares one partner against the other.

Three couples have lived the same days with the same words; what differs is who of the two did how
much of it: five and two, four and three, two and five. Every number in the context of a page or on
the page itself, in its place, has to be the same for all three: one that differs counts what one of
the two did.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from couples.models import Partner
from tests.access.lived import TURNS, Ids, live
from tests.access.people import session_of, undone
from tests.access.test_matrix import PLACES, TABLE
from tests.factories import make_couple, make_person, without_brakes
from tests.therapists.factories import link_with_consent, make_therapist

pytestmark = pytest.mark.django_db

SPLITS = (5, 4, 2)
"""How many of TURNS turns were the first one's."""

PAGES = [
    name for name, row in TABLE.items() if row.gate.startswith("partner") and "GET" in row.methods
]

FOR_ONESELF = {
    "my_practice": "one's own marks, a line a day, on a page that nobody else can open",
    "felt_scale_csi-4": "one's own results, and not there until an operator adds the wording",
    "felt_scale_csi-16": "one's own results, and not there until an operator adds the wording",
}
"""Pages that are about the viewer alone; they show no sum of what somebody did."""

FRAME = {
    *("request", "view", "forloop", "csrf_token", "block", "messages", "perms", "user", "True"),
    # Drawn once more with every card that brings a template of its own.
    *("DEFAULT_MESSAGE_LEVELS", "day_left"),
}

LOOKED_AT = sorted(set(PAGES) - set(FOR_ONESELF))


@dataclass(frozen=True)
class Life:
    """One couple: the browsers of the two, and what each can open."""

    browsers: tuple[Client, Client]
    ids: Ids

    def pages(self, name: str) -> Iterator[Any]:
        """Open a page as each of the two, for whatever the two can open there."""
        takes = PLACES[name].takes
        for seat, browser in enumerate(self.browsers):
            for key in self._keys(name, takes, seat):
                yield browser.get(reverse(name, kwargs=key))

    def _keys(self, name: str, takes: tuple[str, ...], seat: int) -> list[dict[str, UUID]]:
        if not takes:
            return [{}]
        (taken,) = takes
        for_all = self.ids.get(f"{name}:{taken}", self.ids[taken])
        # A page for its author alone is opened by each with their own.
        theirs = [for_all[seat]] if len(TABLE[name].exists_for) == 1 else for_all
        return [{taken: each} for each in theirs]


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Life]]:
    """The same life as often as there are SPLITS."""
    with django_db_blocker.unblock(), undone():
        yield [_life(ones) for ones in SPLITS]


def _life(ones: int) -> Life:
    house = "x" * ones  # no number: addresses stand on pages
    first, second = (
        make_person(name=name, email=f"{name}-{house}@example.com".lower())
        for name in ("Ana", "Ben")
    )
    one, other = make_couple(first=first, second=second)
    with without_brakes():  # seven of everything in a week
        ids = live(one, other, ones=ones)
    link_with_consent(make_therapist(name=f"Dr. {house}"), one, other)
    return Life((_browser(one), _browser(other)), ids)


def _browser(partner: Partner) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(partner.person, factor=False)
    return client


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_shows_no_number_of_one_partner(lives: list[Life], name: str) -> None:
    first, *others = ([_numbers_of(page) for page in life.pages(name)] for life in lives)
    for each in others:
        assert each == first


def test_every_page_that_is_left_out_has_a_reason_to_be() -> None:
    assert set(FOR_ONESELF) <= set(PAGES)


TELLING = {
    "a context that counts": "{{ mine }}",
    "a sentence": "<p>You did {{ mine }}, Ben {{ theirs }}</p>",
    "a list": "<ul>{% for name, n in both %}<li>{{ name }} {{ n }}</li>{% endfor %}</ul>",
    "a ranking": "{% for n in ranked %}<i title='{{ n }}'></i>{% endfor %}",
    "a picture": "<svg><rect height='{{ mine }}'/></svg>",
    "a sum in parts": "<p>{{ mine }} of {{ sum }}</p>",
}


@pytest.mark.parametrize("what", TELLING)
def test_a_count_for_each_partner_would_be_found(what: str) -> None:
    """On a page that does what no page may do, each split reads otherwise."""
    template = Template(TELLING[what])
    told, known = [], []
    for mine in SPLITS[:2]:
        theirs = TURNS - mine
        both = [("Ana", mine), ("Ben", theirs)]
        ranked = sorted((mine, theirs), reverse=True)
        shows = {"mine": mine, "theirs": theirs, "both": both, "ranked": ranked, "sum": TURNS}
        told.append(_shown(template.render(Context(shows))))
        known.append(list(_walk("", {"both": both})))
    assert told[0] != told[1]
    assert known[0] != known[1]


def test_numbers_that_change_places_are_told_apart() -> None:
    """Five and two, and two and five: the same numbers, and not the same."""
    assert _shown("<p>You did 5, Ben 2</p>") != _shown("<p>You did 2, Ben 5</p>")
    lists = [[{"name": "Ana", "n": n}, {"name": "Ben", "n": TURNS - n}] for n in (5, 2)]
    assert list(_walk("", lists[0])) != list(_walk("", lists[1]))


def _numbers_of(page: Any) -> tuple[list[tuple[str, float]], list[str]]:
    assert page.status_code == 200
    return _known(page), _shown(page.content.decode())


# --- Numbers in contexts -------------------------------------------------------------------------


def _known(response: Any) -> list[tuple[str, float]]:
    """Return every number in a page's contexts, in order, by the way that leads to it."""
    found: list[tuple[str, float]] = []
    for context in response.context:
        # A widget is drawn with all of its page's context, once for each choice.
        if "widget" not in context:
            for layer in context.dicts:
                found += _walk("", layer)
    return found


def _walk(way: str, what: object, *, deep: int = 8) -> Iterator[tuple[str, float]]:
    """Yield the numbers inside `what`; rows of the database and forms are not counts."""
    # Where a card stands on the page (an Enum) counts nothing.
    if isinstance(what, int | float) and not isinstance(what, bool | Enum):
        yield way, what
    elif deep:
        for name, each in _inside(what):
            yield from _walk(way + name, each, deep=deep - 1)


def _inside(what: object) -> Iterator[tuple[str, object]]:
    if isinstance(what, Mapping):
        yield from ((f".{key}", each) for key, each in what.items() if key not in FRAME)
    elif isinstance(what, list | tuple):
        yield from ((f"[{place}]", each) for place, each in enumerate(what))
    elif isinstance(what, set | frozenset):
        yield from (("[]", each) for each in sorted(what, key=repr))
    elif dataclasses.is_dataclass(what):
        names = [field.name for field in dataclasses.fields(what)]
        yield from ((f".{name}", getattr(what, name, None)) for name in names)


# --- Numbers on the page -------------------------------------------------------------------------

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
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


def _shown(html: str) -> list[str]:
    """Return the numbers that somebody sees or hears on a page, in order."""
    reader = Reader()
    reader.feed(UUIDS.sub("", html))
    return re.findall(r"\d+(?:\.\d+)?", " ".join(reader.said))
