"""On a phone without what has come since the oldest browser, taps arrive and pages go on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from rituals.models import Mark
from tests.browser import repairing
from tests.browser.conftest import Visits
from tests.browser.test_offline import KEPT, MINE, nothing_waits, tap_offline
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROBBED = """
for (const [owner, names] of [
  [AbortSignal, ["timeout", "any"]],
  [Array, ["fromAsync"]],
  [Array.prototype, ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
  [Object, ["groupBy"]],
  [Map, ["groupBy"]],
  [Promise, ["withResolvers", "try"]],
  [Set.prototype, ["union", "intersection", "difference", "isSubsetOf", "isSupersetOf"]],
  [URL, ["canParse", "parse"]],
  [HTMLFormElement.prototype, ["requestSubmit"]],
  [HTMLElement.prototype, ["showPopover", "hidePopover", "togglePopover", "inert"]],
  [Element.prototype, ["moveBefore", "setHTMLUnsafe", "getHTML"]],
  [Document.prototype, ["moveBefore", "startViewTransition"]],
  [window, ["requestIdleCallback", "scheduler", "navigation", "URLPattern", "Iterator"]],
]) for (const name of names) delete owner[name];
"""


def older(visitor: Visitor) -> Visitor:
    """Take away what has come since, before any script of ours has loaded."""
    visitor.page.add_init_script(ROBBED)
    return visitor


def test_a_tap_made_offline_goes_out(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = older(visit(ana))
    phone.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    phone.open("/")
    assert phone.page.evaluate("AbortSignal.timeout === undefined")
    tap_offline(phone)
    assert not Mark.objects.exists()
    phone.context.set_offline(False)
    phone.sees_sign(MINE)
    expect(phone.page.locator("main").get_by_text(KEPT)).to_have_count(0)
    phone.has("nothing waits", lambda: nothing_waits(phone))
    assert Mark.objects.count() == 1


def test_a_repair_goes_on_and_today_hears_of_the_other(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    repair = repairing.at_hurt(ana, ben)
    hers, his = older(visit(ana)), older(visit(ben))
    for each in (hers, his):
        each.open(f"/repairs/{repair.pk}/")
    hers.write("What hurt me", "I felt alone.")
    hers.tap("This is what hurt")
    his.tap("Nothing of mine this time")
    for each in (hers, his):
        each.sees("I felt alone.")
