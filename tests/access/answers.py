"""Every answer that is a page or a part of one: each address read and posted to, well and badly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import html5lib  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from django.urls import reverse

from couples.models import Partner
from tests.access.filled import fill
from tests.access.people import ANA, BEN, World, session_of, undone
from tests.access.posting import POSTS, good, role_of
from tests.access.test_matrix import HTMX, PLACES
from tests.access.test_queries import PAGES
from tests.browser.scenes import SCENES, play
from tests.factories import make_couple, make_person, without_brakes

ELSEWHERE = ("admin:", "service_worker", "come_back")
"""Django's own pages, and what is no page, or a blank one on purpose."""
NAMES = ("Ana", "Ben")
ASKED_WITH = {"third_new": "?sort=work", "manual_new": "?question=own"}


@dataclass(frozen=True)
class Answer:
    """The HTML of one answer, and what was asked."""

    asked: str
    html: str

    @cached_property
    def parser(self) -> Any:
        """The standard's algorithm, after it has read this; it keeps what was wrong."""
        return html5lib.HTMLParser(namespaceHTMLElements=False)

    @cached_property
    def tree(self) -> Any:
        """The elements, as browsers make them from it."""
        read = self.parser.parse if self.is_page else self.parser.parseFragment
        return read(self.html)

    @property
    def is_page(self) -> bool:
        return self.html.lstrip().lower().startswith("<!doctype")

    @property
    def mistakes(self) -> list[str]:
        """What the parser had to put right."""
        assert self.tree is not None
        return [f"{place}: {code} {more}" for place, code, more in self.parser.errors]

    def all(self, path: str) -> list[Any]:
        """Return the elements that an ElementTree path finds, at any depth."""
        found: list[Any] = self.tree.findall(f".//{path}")
        return found


def answers(world: World, client: Client) -> Iterator[Answer]:
    """Yield them all, each once."""
    names = [name for name in sorted(PLACES) if not name.startswith(ELSEWHERE)]
    everywhere = (answer for name in names for answer in _of(world, client, name))
    yield from _as_html(chain(everywhere, _with_much_on_them(NAMES), _along_a_repair(NAMES)))


def answers_to(names: tuple[str, str]) -> Iterator[Answer]:
    """Yield the pages of two who are called so: with much on them, and along every repair."""
    yield from _as_html(chain(_with_much_on_them(names), _along_a_repair(names)))


def _as_html(asked_for: Iterable[tuple[str, Any]]) -> Iterator[Answer]:
    """Keep what is HTML, each once."""
    seen: set[str] = set()
    for asked, response in asked_for:
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and response.content:
            html = response.content.decode()
            if html not in seen:
                yield Answer(asked, html)
            seen.add(html)


def _of(world: World, client: Client, name: str) -> Iterator[tuple[str, Any]]:
    url = world.url(PLACES[name]) + ASKED_WITH.get(name, "")
    for role in {role_of(name), ANA, BEN}:
        for how, headers in (("page", {}), ("part", HTMX)):
            got: Any = world.ask(client, role, "GET", url, headers=headers)
            yield f"GET {name} as {role}, {how}", got
    for how, posted in (("well", good(name)), ("empty", {})) if name in POSTS else ():
        for kind, headers in (("page", {}), ("part", HTMX)):
            with world.staying(role_of(name), client):
                got = client.post(url, posted, headers=headers)
                yield f"POST {name}, {how}, {kind}", got
                if got.status_code in {302, 303}:
                    yield f"after POST {name}, {how}, {kind}", client.get(got["Location"])


def _with_much_on_them(names: tuple[str, str]) -> Iterator[tuple[str, Any]]:
    """Every page of two who have a year of everything behind them."""
    with undone():
        one, other = _two("many", names)
        with without_brakes():
            ids = fill(one, other, much=2, sheets=[])
        client = _signed_in(one)
        for name in PAGES:
            keys = {
                taken: (ids.get(f"{name}:{taken}") or ids[taken])[0]
                for taken in PLACES[name].takes
                if f"{name}:{taken}" in ids or taken in ids
            }
            if len(keys) == len(PLACES[name].takes):
                yield f"GET {name}, with much on it", client.get(reverse(name, kwargs=keys))


def _along_a_repair(names: tuple[str, str]) -> Iterator[tuple[str, Any]]:
    for number, name in enumerate(SCENES):
        with undone():
            with without_brakes():
                scene = play(name, *_two(f"scene{number}", names))
            url = reverse("repair", kwargs={"repair_id": scene.repair.pk})
            yield f"the repair {name}", _signed_in(scene.viewer).get(url)


def _two(name: str, names: tuple[str, str]) -> tuple[Partner, Partner]:
    first, second = (
        make_person(name=each, email=f"{number}-{name}@example.com")
        for number, each in enumerate(names)
    )
    return make_couple(first=first, second=second)


def _signed_in(partner: Partner) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(partner.person, factor=False)
    return client
