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
from tests.factories import propose, put_ask, raise_topic, share_repair, write_manual
from tests.sheets import offer
from tests.therapists.factories import (
    invite,
    link_that_shows,
    make_therapist,
    open_link,
    take,
)

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
    return [f"{path}: {each}" for each in outside(phone)]


def outside(phone: Visitor) -> list[str]:
    """Open every fold of the page as it stands; return what stands outside a narrow screen."""
    phone.page.set_viewport_size(NARROW)
    phone.page.evaluate(UNFOLD)
    out: list[str] = phone.page.evaluate(OUTSIDE)
    return ["it scrolls", *out] if phone.page.evaluate(SCROLLS) else out


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


def test_scales_and_their_results_keep_within_a_narrow_screen(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    link_that_shows(make_therapist(name=UNBROKEN[:40]), ana, ben)
    for key in ("csi-4", "csi-16"):
        offer(key)
    take(ana)
    phone = visit(ana, screen=NARROW)
    found = [each for key in ("csi-4", "csi-16") for each in too_wide(phone, f"/us/felt/{key}/")]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("stage", ["invited", "linked"])
def test_what_partners_and_therapists_see_of_each_other_keeps_within_a_narrow_screen(
    visit: Visits, ana: Partner, ben: Partner, stage: str
) -> None:
    for each in (ana, ben):
        each.person.call_me(UNBROKEN[:40])
    lin = make_therapist(name=UNBROKEN[:40])
    link, waiting = link_that_shows(lin, ana, ben), invite(lin)
    if stage == "invited":
        link.end(by=ana)
        waiting = open_link(lin, ana)
    write_manual(by=ana, question="helps", text=UNBROKEN, sharing="therapist")
    take(ben).show(by=ben)
    share_repair(by=ana)
    phone, laptop = visit(ana, screen=NARROW), visit(lin, screen=NARROW)
    phone.excuse("404")  # a link that was opened opens nothing any more
    found = too_wide(phone, "/us/therapist/")
    found += too_wide(phone, reverse("us_therapist_invitation", args=[waiting.token]))
    for page in ("", "invitations/", "application/", "sharing/"):
        found += too_wide(laptop, f"/practice/{page}")
    if stage == "linked":
        found += too_wide(laptop, f"/practice/couples/{link.pk}/")
    assert not found, "\n".join(found)
