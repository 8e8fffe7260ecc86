"""Posting to every address as the one who comes furthest there."""

from __future__ import annotations

import inspect
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from couples.clock import database_now
from couples.days import week_of
from repairs.terms import Kind
from repairs.views.acts import NOUNS
from rituals.asks.views.acts import NOUNS as ASK_NOUNS
from rituals.topics.views.acts import NOUNS as TOPIC_NOUNS
from tests.access.people import ANA, ANONYMOUS, CLEO, DR_LIN, OPERATOR, UNVERIFIED, World
from tests.access.test_matrix import PLACES, TABLE

FORM = "application/x-www-form-urlencoded"
FAILURE = 500
ROLES = {"practice_application": UNVERIFIED, "start": CLEO, "join": CLEO}
GUESTS = ("login", "signup", "password_reset", "code", "confirm", "authenticate")


def role_of(name: str) -> str:
    """Say who comes furthest at an address."""
    if name.startswith("admin:"):
        return OPERATOR
    if name.startswith("practice"):
        return ROLES.get(name, DR_LIN)
    if name.startswith("account") and any(word in name for word in GUESTS):
        return ANONYMOUS
    return ROLES.get(name, ANA)


def kind_of(name: str) -> str:
    """Return a kind of act that the noun in an address takes."""
    noun = name.removeprefix("repair_").replace("_", "-")
    if name.startswith("ask_"):
        return min(ASK_NOUNS.get(noun.removeprefix("ask-"), {Kind.NOW}))
    if name.startswith("topic_"):
        return min(TOPIC_NOUNS.get(noun.removeprefix("topic-"), {Kind.NOW}))
    return min(NOUNS.get(noun, {Kind.NOW}))


SENSIBLE = {
    "about": "concern",
    "answers": "1",
    "area": "repair",
    "bring_up": "4",
    "came": "we",
    "came_back": "6",
    "came_first": "5",
    "at": "18:30",
    "day_zone": "Europe/Berlin",
    "door": "i_was_hurt",
    "email": "somebody@example.com",
    "happened": "You left while I was talking.",
    "how": "in_person",
    "how_much": "3",
    "instead_of": "Our Thursday.",
    "label": "The late shift",
    **{f"item_{number}": "3" for number in range(1, 17)},
    "licence": "LMFT 4711",
    "line": "With coffee.",
    "login": "somebody@example.com",
    "minutes": "20",
    "name": "Ana",
    "password": "say hi before anything",
    "person": "no",
    "place": "Oregon",
    "professional": "on",
    "reach": "today",
    "revision": "1",
    "scope": "rhythm",
    "scopes": "rhythm",
    "secrets_policy": "none_kept",
    "seen_each_alone": "on",
    "sharing": "private",
    "sort": "work",
    "text": "I go quiet.",
    "then": "",
    "third": "My boss.",
    "time_zone": "Europe/Berlin",
    "to": "next",
    "what": "Dinner with my team.",
    "wording": "We say hi first.",
    "words": "I felt alone.",
}
"""Something sensible for every field that asks the same of everybody."""


def good(name: str) -> dict[str, str]:
    """Return something sensible for every field there is."""
    return {
        **SENSIBLE,
        "client_key": str(uuid.uuid4()),
        "day": database_now().date().isoformat(),
        "kind": "on_my_way" if name == "approaches" else kind_of(name),
        "know_by": database_now().date().isoformat(),
        "on": database_now().date().isoformat(),
        "week": week_of(database_now().date()).isoformat(),
        "until": (database_now() + timedelta(days=90)).date().isoformat(),
    }


def send(world: World, client: Client, name: str, posted: dict[str, Any]) -> HttpResponse:
    """Post to an address as the one who comes furthest there."""
    body = urlencode(posted, doseq=True, errors="surrogatepass")
    url = world.url(PLACES[name])
    return world.ask(client, role_of(name), "POST", url, data=body, content_type=FORM)


POSTS = sorted(name for name in PLACES if name != "healthz")


def one_a_view() -> list[str]:
    """Return one address for each view: the steps of a repair are one view with many names."""
    found: dict[object, str] = {}
    for name in POSTS:
        view = PLACES[name].view
        code = getattr(view, "view_class", None) or inspect.unwrap(view).__code__
        found.setdefault(code, name)
    return sorted(found.values())


OURS = [name for name in one_a_view() if name in TABLE]
