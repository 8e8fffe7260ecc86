"""Whatever somebody writes is kept on their phone until it has arrived: every field says as what.

Pages are found by the resolver, as they are drawn and as they come back from an empty post; what a
page draws only now and then is looked for in the templates.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from tests.access.people import World
from tests.access.posting import OURS, role_of, send
from tests.access.test_matrix import PLACES

ROOT = Path(__file__).parents[2]
# What somebody is called is no text of theirs, and the browser offers it by itself.
NO_WORDS = {"name:given-name"}
ASKED_WITH = {"third_new": "?sort=work", "manual_new": "?question=own"}
LIBRARYS = {"account", "allauth", "mfa", "usersessions", "django"}
DRAWN_BY_HAND = re.compile(r"""<(?:textarea|input type="text")[^>]*>""")


class Fields(HTMLParser):
    """Collects the fields of a page for text in one's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field and the key it is kept by."""
        said = dict(attrs)
        text = tag == "textarea" or (tag == "input" and said.get("type", "text") == "text")
        whose = f"{said.get('name')}:{said.get('autocomplete')}"
        chosen = "readonly" in said or "list" in said  # typed to choose, as a city is
        if text and not chosen and whose not in NO_WORDS:
            self.keys[said.get("id") or whose] = said.get("data-keep")


def fields_of(page: str) -> dict[str, str | None]:
    """Return the fields for words on a page, each with the key by which it is kept."""
    fields = Fields()
    fields.feed(page)
    return fields.keys


@pytest.mark.django_db
def test_every_field_for_words_on_every_page_is_kept(world: World, client_for_all: Client) -> None:
    found: dict[str, dict[str, str | None]] = {}
    for name in OURS:
        role, address = role_of(name), world.url(PLACES[name]) + ASKED_WITH.get(name, "")
        drawn = world.ask(client_for_all, role, "GET", address)
        back = send(world, client_for_all, name, {})
        found[name] = {
            **fields_of(drawn.content.decode(errors="replace")),
            **fields_of(back.content.decode(errors="replace")),
        }
    loose = {
        name: lost for name, keys in found.items() if (lost := [k for k in keys if not keys[k]])
    }
    assert not loose
    forms = {name for name, keys in found.items() if keys}
    # It looks at what it means to look at.
    assert {"principle_wordings", "manual_entry", "good_days", "mark", "ask_new", "topic"} <= forms
    for name, keys in found.items():
        assert len(set(keys.values())) == len(keys), f"two fields of {name} are kept as one"


def test_every_field_for_words_drawn_by_hand_is_kept() -> None:
    templates = ROOT / "templates"
    ours = [
        path
        for path in templates.rglob("*.html")
        if path.relative_to(templates).parts[0] not in LIBRARYS
    ]
    drawn = [(path, tag) for path in ours for tag in DRAWN_BY_HAND.findall(path.read_text())]
    assert drawn
    loose = [
        (path.name, tag) for path, tag in drawn if "data-keep" not in tag and "readonly" not in tag
    ]
    assert not loose
