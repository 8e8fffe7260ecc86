"""Quiet hints on a phone: the same as in Python, sent nowhere, never in the way."""

from __future__ import annotations

from random import Random

import pytest
from playwright.sync_api import Locator, expect

from couples.models import Partner
from repairs.hints import first, hints
from repairs.models import Repair
from repairs.terms import Kind
from tests.apologies import BROUGHT, GOOD, RAISED
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import act, share_repair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAUSE = 800  # milliseconds, as in static/js/hints.js

TOP = "button => Math.round(button.getBoundingClientRect().top + scrollY)"

KEPT = "Object.keys(localStorage).filter(key => key.includes(':draft:'))"

FOUND = """async (texts) => {
  const source = [...document.scripts].find((each) => each.src.includes("/hints.")).src;
  const { first } = await import(source);
  const all = [...document.querySelector("[data-hints] template").content.children];
  return texts.map((text) => first(text, all)?.dataset.hint ?? null);
}"""


def parts(ana: Partner, ben: Partner) -> Repair:
    """A repair at which both now write their part."""
    repair = share_repair(by=ben)
    act(repair, by=ana, kind=Kind.NOW)
    for kind in (Kind.SETTLED, Kind.NO_HURT):
        for each in (ana, ben):
            act(repair, by=each, kind=kind)
    return repair


def test_the_phone_finds_what_python_finds(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = visit(ana)
    phone.open(f"/repairs/{parts(ana, ben).pk}/")
    texts = [*GOOD, *(text for text, _name in RAISED), *BROUGHT]
    chance = Random(5)  # noqa: S311 - the same texts in every run
    words = " ".join(texts).split()
    noise = ["’", " ", "İ", "ẞ", "é", "…", "\n", "\u00a0", "ﬁ", "😀", "K", "_", "\x85", "\u2028"]
    for _ in range(600):
        drawn = chance.choices(words, k=chance.randint(1, 14)) + chance.choices(noise, k=3)
        chance.shuffle(drawn)
        texts.append(chance.choice([" ", "", ", "]).join(drawn))
    expected = [found.id if (found := first(text, hints())) else None for text in texts]
    assert phone.page.evaluate(FOUND, texts) == expected


def test_a_hint_comes_after_a_pause_and_goes_when_it_is_put_aside(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open(f"/repairs/{parts(ana, ben).pk}/")
    field, hint = phone.field("My part"), hint_of(phone)
    button = phone.control("This was my part")
    before = button.evaluate(TOP)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    field.press_sequentially("I am sorry you feel that way.")
    expect(hint).to_contain_text("sorry for a feeling")
    phone.has("a button that has not moved", lambda: button.evaluate(TOP) == before)
    phone.tap("Keep my words")
    expect(hint).to_be_empty()
    expect(field).to_be_focused()
    field.press_sequentially(" You always shout.")
    expect(hint).to_contain_text("open the whole past")
    field.fill("I am sorry you feel that way. I went silent.")
    expect(hint).to_be_empty()
    assert not asked
    phone.has("a button that has not moved", lambda: button.evaluate(TOP) == before)
    # It holds when the page is opened again, and is kept for as long as the words are.
    phone.page.reload()
    phone.hears()
    field.press_sequentially(" Forgive me.")
    expect(hint).to_contain_text("something to do")
    phone.tap("This was my part")
    phone.sees("Yours is there.")
    phone.page.reload()
    phone.sees("Yours is there.")
    assert phone.page.evaluate(KEPT) == []


def test_nothing_typed_is_sent_while_it_is_typed(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = visit(ana)
    phone.open(f"/repairs/{parts(ana, ben).pk}/")
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.field("My part").press_sequentially("It is all my fault, I ruin everything")
    expect(hint_of(phone)).not_to_be_empty()
    phone.page.wait_for_timeout(2 * PAUSE)
    assert not asked


def test_taking_all_the_blame_leads_to_the_safety_page(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open(f"/repairs/{parts(ana, ben).pk}/")
    phone.field("My part").press_sequentially("It is all my fault.")
    phone.page.locator(".hint").get_by_role("link", name="Safety").click()
    phone.page.wait_for_url("**/safety/")
    phone.page.go_back()
    expect(phone.field("My part")).to_have_value("It is all my fault.")


def test_a_hint_stays_when_the_other_has_written(visit: Visits, ana: Partner, ben: Partner) -> None:
    repair = parts(ana, ben)
    phone = visit(ana)
    phone.open(f"/repairs/{repair.pk}/")
    phone.field("My part").press_sequentially("Mistakes were made.")
    expect(hint_of(phone)).not_to_be_empty()
    # As a live event asks for the room anew.
    with phone.page.expect_response("**/repairs/**"):
        phone.page.evaluate("htmx.trigger(document.body, 'live:repair')")
    expect(hint_of(phone)).not_to_be_empty()
    phone.tap("Keep my words")
    phone.field("My part").press_sequentially(" Things were said.")
    phone.page.wait_for_timeout(2 * PAUSE)
    expect(hint_of(phone)).to_be_empty()
    phone.tap("This was my part")
    phone.sees("Yours is there.")


def hint_of(phone: Visitor) -> Locator:
    """What a hint says at the field; nothing while there is none."""
    return phone.page.locator(".hint-says")
