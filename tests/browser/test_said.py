"""What comes to a page is said to a screen reader, from a region that was there before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from couples.models import Partner
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import begin_meeting, share_repair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def region(phone: Visitor) -> Locator:
    """The one region of the page, marked: another one in its place would not be read."""
    said = phone.page.get_by_role("status")
    expect(said).to_have_count(1)
    said.evaluate("region => { region.wasThere = true; }")
    return said


def hears_say(said: Locator, words: str) -> None:
    expect(said).to_contain_text(words)
    assert said.evaluate("region => region.wasThere"), "the region came with its words"


def test_what_the_other_does_is_said(visit_in_each: Visits, ana: Partner, ben: Partner) -> None:
    first, second = visit_in_each(ana), visit_in_each(ben)
    for phone in (first, second):
        phone.open("/")
    said = region(second)
    expect(said).to_be_empty()
    first.tap("On my way")
    hears_say(said, "Ana is on the way.")
    begin_meeting(by=ana)
    second.open("/our-time/")
    first.open("/our-time/")
    said = region(second)
    first.tap("Next")
    hears_say(said, "2 of 2")


def test_what_was_said_once_is_not_said_again(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone, other = visit(ana), visit(ben)
    phone.open("/")
    other.open("/")
    other.tap("On my way")
    said = region(phone)
    hears_say(said, "Ben is on the way.")
    share_repair(by=ben)
    hears_say(said, "would like to come back to something")
    expect(said).not_to_contain_text("on the way")


def test_what_is_taken_back_is_said_no_more(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone, other = visit(ana), visit(ben)
    phone.open("/")
    other.open("/")
    other.tap("Heading out")
    said = region(phone)
    hears_say(said, "Ben is about to head out.")
    other.tap("Take that back")
    expect(said).to_be_empty()


def test_a_tap_by_keyboard_is_answered_by_ear(visit_in_each: Visits, ana: Partner) -> None:
    phone = visit_in_each(ana)
    phone.open("/")
    said = region(phone)
    phone.control("I said hi").focus()
    phone.page.keyboard.press("Enter")
    hears_say(said, "The circle is open for the two of you.")


def test_a_notice_at_the_head_of_a_new_page_is_said(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.open("/rituals/days/")
    phone.page.locator("main form button").last.press("Enter")
    phone.sees("Kept.")
    expect(phone.page.get_by_role("status")).to_have_text("Kept. Your marks stay on their days.")


def test_what_went_wrong_has_the_focus_with_scripts_and_without(
    visit: Visits, ana: Partner
) -> None:
    for scripts in (True, False):
        stranger = visit("Ida", scripts=scripts)
        stranger.open("/accounts/login/")
        stranger.write("Email", "ida@example.com")
        stranger.write("Password", "not the one")
        stranger.tap("Sign in")
        stranger.sees("don't belong together")
        expect(
            stranger.page.get_by_text("don't belong together").locator("xpath=ancestor::ul")
        ).to_be_focused()
