"""On Today what waits stands before what is done, and a call or a good word is seen at once."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import ViewportSize

from couples.models import Partner
from rituals.asks.flow import Kind
from rituals.models import Appreciation
from tests.browser.conftest import SMALL_PHONE, Visits
from tests.browser.test_axe import SCHEMES, Scheme, is_clean
from tests.browser.test_without import fits
from tests.browser.visitor import Visitor
from tests.factories import (
    agree,
    days_before,
    greeting_of,
    mark,
    propose,
    put_ask,
    say,
    share_repair,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALLEST = ViewportSize(width=360, height=640)
LINE = "You put the kettle on before I asked."

IN_SIGHT = """
(each) => {
  const { top, bottom } = each.getBoundingClientRect();
  const covers = [...document.querySelectorAll(".bar, .actions")]
    .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position))
    .map((one) => one.getBoundingClientRect().top);
  return top >= 0 && bottom <= Math.min(innerHeight, ...covers);
}
"""


def sees_at_once(phone: Visitor, words: str) -> None:
    """The words are in sight without moving the page, and nothing that sticks lies over them."""
    assert phone.page.get_by_text(words).first.evaluate(IN_SIGHT), words


def everything_done(ana: Partner, ben: Partner) -> None:
    goodbye = ana.couple.rituals.live().get(kind="goodbye")
    for each in (ana, ben):
        for ritual in (greeting_of(each), goodbye):
            mark(by=each, ritual=ritual)


@SCHEMES
@pytest.mark.parametrize("done", [False, True])
def test_a_call_and_a_good_word_are_seen_at_once(
    visit: Visits, ana: Partner, ben: Partner, scheme: Scheme, done: bool
) -> None:
    ana.couple.partners.update(joined_at=days_before(ana, 9))
    agree(ana, ben, wording="We come first, whatever the day has brought.", area="purpose")
    if done:
        everything_done(ana, ben)
    Appreciation.say(LINE, by=ben, client_key=uuid.uuid4())
    share_repair(by=ben)
    put_ask(by=ben, what="A new sofa?")
    say(put_ask(by=ana, what="A walk on Sunday?"), by=ben, kind=Kind.FINE)
    propose(by=ben)
    phone = visit(ana, screen=SMALLEST, scheme=scheme)
    phone.open("/")
    phone.keep_picture(f"today-{'done' if done else 'open'}-{scheme}")
    sees_at_once(phone, "Ben would like to come back to something")
    sees_at_once(phone, LINE)
    phone.page.set_viewport_size(SMALL_PHONE)
    is_clean(phone)
    fits(phone)


def test_an_ask_is_seen_at_once_when_all_circles_are_closed(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    everything_done(ana, ben)
    put_ask(by=ben, what="A new sofa?")
    phone = visit(ana, screen=SMALLEST)
    phone.open("/")
    for words in ("A new sofa?", "Fine with me", "Another answer"):
        sees_at_once(phone, words)


def test_a_closed_circle_keeps_what_belongs_to_it(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    everything_done(ana, ben)
    phone = visit(ana)
    phone.open("/")
    phone.page.locator(".card-done summary").first.click()
    phone.tap("We were apart")
    phone.sees("We were together")
