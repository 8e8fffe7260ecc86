"""What can come between, on two phones."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import crowd_in, name_third

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "The late shift came first in 3 of the last 4 weeks."


def chosen(phone: Visitor, words: str, *, is_chosen: bool) -> None:
    """Wait until a button shows whether it is the one that was tapped."""
    button = phone.control(words)
    expect(button).to_have_attribute("aria-pressed", "true" if is_chosen else "false")


def test_what_crowds_in_is_told_to_both_and_leads_to_a_plan(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    third = name_third(by=ana, label="The late shift")
    crowd_in(third, by=ben)
    first, second = visit(ana), visit(ben)
    for phone in (first, second):
        phone.open("/us/")
        phone.sees(SENTENCE)
        phone.tap("What we plan for")
        phone.sees(SENTENCE)
        phone.sees_sign("It came first in 3 of 3 weeks.")
        expect(phone.control("Make a plan for it together")).to_be_visible()
    second.tap("The late shift")
    second.sees_heading("Week by week")
    first.tap("Make a plan for it together")
    first.sees("About: The late shift")
    first.write("In your words", "Wednesdays are ours")
    first.tap("Keep it as a draft")
    second.finds_nothing_of("Wednesdays")
    first.tap("Raise it with Ben")
    first.sees("It is with Ben.")
    second.open(f"/us/thirds/{third.pk}/")
    second.tap("Wednesdays are ours A plan")
    second.sees("About: The late shift")
    second.tap("I heard it")
    second.sees("You have heard it.")


def test_a_word_about_today_is_changed_and_taken_back_and_the_other_sees_none_of_it(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    third = name_third(by=ana)
    first, second = visit(ana), visit(ben)
    for phone in (first, second):
        phone.open(f"/us/thirds/{third.pk}/")
    first.tap("This came first (Work)")
    chosen(first, "This came first (Work)", is_chosen=True)
    first.tap("We came first (Work)")
    chosen(first, "We came first (Work)", is_chosen=True)
    chosen(first, "This came first (Work)", is_chosen=False)
    second.finds_nothing_of('aria-pressed="true"', "Yours alone")
    first.tap("Take it back (Work)")
    chosen(first, "We came first (Work)", is_chosen=False)
    second.tap("Let it go")
    second.page.get_by_role("button", name="Let it go").click()
    second.sees("Nothing stands here")
    first.sees("It does not stand between you now.")
    first.finds_nothing_of("Ben")


def test_by_keyboard_a_tap_stays_on_its_own_third(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    for sort in ("money", "work"):
        name_third(by=ben, sort=sort)
    phone = visit(ana)
    phone.open("/us/thirds/")
    button = phone.control("This came first (Work)")
    button.focus()
    phone.page.keyboard.press("Enter")
    chosen(phone, "This came first (Work)", is_chosen=True)
    chosen(phone, "This came first (Money)", is_chosen=False)
    expect(button).to_be_focused()


def test_a_person_is_proposed_and_refused_and_another_agreed_on(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    first, second = visit(ana), visit(ben)
    second.open("/us/thirds/")
    first.open("/us/thirds/")
    first.tap("Name something")
    first.sees("Friends and family are good for a couple")
    first.tap("Friends")
    first.sees("A person stands here only when both of you agree")
    first.write("What do you two call it?", "The Friday people")
    first.tap("Name it")
    first.sees("It stands here once Ben agrees")
    second.sees("Ana asks whether The Friday people can come between you two.")
    second.sees("Only you see this.")
    first.finds_nothing_of("This came first", "Only you see this.")
    second.tap("Not this one")
    second.sees("It is let go.")
    first.sees("It does not stand between you now.")
    first.finds_nothing_of("Ben")
    first.open("/us/thirds/new/?sort=other")
    first.write("What do you two call it?", "Toni")
    first.choose("Yes")
    first.tap("Name it")
    first.sees("It stands here once Ben agrees")
    second.sees("Ana asks whether Toni can come between you two.")
    second.tap("I agree")
    for phone in (first, second):
        phone.sees_heading("Today")
        phone.sees("This came first")


def test_all_of_it_works_without_scripts(visit: Visits, ana: Partner, ben: Partner) -> None:
    first, second = visit(ana, scripts=False), visit(ben, scripts=False)
    first.open("/us/thirds/new/")
    first.tap("An ex")
    first.tap("Name it")
    first.sees("It stands here once Ben agrees")
    second.open("/us/thirds/")
    second.tap("I agree")
    second.sees_heading("An ex")
    second.tap("We came first (An ex)")
    second.sees("Yours alone, for today.")
    second.tap("Take it back (An ex)")
    chosen(second, "We came first (An ex)", is_chosen=False)
    first.open(second.page.url)
    first.tap("Let it go")
    first.page.get_by_role("button", name="Let it go").click()
    first.sees("It is let go.")
