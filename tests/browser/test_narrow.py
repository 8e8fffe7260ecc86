"""Nothing scrolls sideways at 320 px (1,280 px at 400 %), whatever stands on a page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import ViewportSize

from couples.models import Partner
from rituals.models import add_ritual
from tests.access.filled import fill
from tests.access.test_matrix import PLACES
from tests.access.test_queries import PAGES
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import propose, put_ask, raise_topic, write_manual

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = ViewportSize(width=320, height=640)
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
ADDRESS = "a.rather.long.name.of.a.mailbox@example.com"

UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
OUTSIDE = """() => [...document.querySelectorAll("body *")].filter((each) => {
  if (each.closest(".table-wrap, .unseen, .skip, svg") || !each.checkVisibility()) return false;
  const boxes = [each.getBoundingClientRect()];
  for (const words of each.childNodes) { // which may stand out of their box
    if (words.nodeType !== Node.TEXT_NODE) continue;
    const range = document.createRange();
    range.selectNode(words);
    boxes.push(...range.getClientRects());
  }
  return boxes.some(({ left, right, width }) => width > 1 && (right > innerWidth + 1 || left < -1));
}).map((each) => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 40)}`)"""


def too_wide(phone: Visitor, path: str) -> list[str]:
    """Open a page and every fold on it, and return what stands outside the screen."""
    phone.open(path)
    phone.page.evaluate(UNFOLD)
    out = [f"{path}: {each}" for each in phone.page.evaluate(OUTSIDE)]
    return [f"{path} scrolls", *out] if phone.page.evaluate(SCROLLS) else out


def test_every_page_with_long_words_on_it_keeps_within_a_narrow_screen(
    visit: Visits, ana: Partner, ben: Partner, much_at_once: None
) -> None:
    for each in (ana, ben):
        each.person.call_me(UNBROKEN[:40])
    ana.person.email = ADDRESS
    ana.person.save(update_fields=["email"])
    ids = fill(ana, ben, much=1, sheets=[])
    ids["ritual_id"] = [add_ritual(by=ana, kind="own", name=UNBROKEN, weekdays=127).pk]
    raise_topic(by=ben, words=UNBROKEN)
    put_ask(by=ben, what=UNBROKEN)
    propose(by=ben, wording=f"We say {UNBROKEN}.")
    write_manual(by=ana, question="worse", text=UNBROKEN)
    phone = visit(ana, screen=NARROW)
    found = []
    for name in [name for name in PAGES if not name.startswith("felt_scale")]:
        taken = PLACES[name].takes
        if all(f"{name}:{each}" in ids or each in ids for each in taken):
            keys = {each: (ids.get(f"{name}:{each}") or ids[each])[0] for each in taken}
            found += too_wide(phone, reverse(name, kwargs=keys))
    assert not found, "\n".join(found)
