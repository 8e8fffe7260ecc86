"""Without JavaScript, without a pointer, without much room, without a session."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from couples.models import Partner
from repairs.models import Repair
from repairs.terms import Kind
from tests.browser.conftest import SMALL_PHONE, Visits
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD, act, mark, share_repair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOO_SMALL = """
[...document.querySelectorAll("main :is(button, a.button, summary, .list-link), nav a")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim(), Math.round(each.getBoundingClientRect().height)])
  .filter(([, height]) => height < 48)
"""

LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 3


def test_without_javascript_the_main_ways_are_open(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit("Ana", scripts=False)
    sign_in(phone)
    phone.tap("I said hi")
    phone.sees_sign("Your half is there; the half of Ben is open.")
    phone.tap("Repair")
    phone.tap("I was hurt")
    phone.write("What happened?", "You left while I was talking.")
    phone.choose("2")
    phone.tap("Keep it as a draft")
    phone.tap("None of that. Invite Ben")
    phone.sees_heading("You asked")
    repair = Repair.objects.get()
    act(repair, by=ben, kind=Kind.NOW)
    act(repair, by=ben, kind=Kind.SETTLED)
    phone.page.reload()
    phone.tap("I am here")
    phone.write("What hurt me", "I felt left alone.")
    phone.tap("This is what hurt")
    phone.sees("Yours is there.")
    to_the_end(phone, repair, ben)


def to_the_end(phone: Visitor, repair: Repair, ben: Partner) -> None:
    """Go the rest of the way, with the page asked for anew after each step of the other."""
    act(repair, by=ben, kind=Kind.NO_HURT)
    act(repair, by=ben, kind=Kind.ECHO, words="You felt left.")
    phone.page.reload()
    phone.tap("That's it")
    act(repair, by=ben, kind=Kind.PART, words="I went without a word.")
    phone.write("My part", "I said nothing all evening.")
    phone.write("Next time I will …", "say so")
    phone.tap("This was my part")
    phone.tap("I can take that in")
    act(repair, by=ben, kind=Kind.TAKE_IN)
    act(repair, by=ben, kind=Kind.US, words="You are home.")
    phone.page.reload()
    phone.write("What we are to me", "You come first.")
    phone.tap("This is us")
    act(repair, by=ben, kind=Kind.SAFE_YES)
    phone.tap("Yes")
    phone.sees_heading("Mended")


def test_by_keyboard_alone_somebody_says_hi(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = visit(ana)
    phone.open("/")
    for _ in range(30):
        phone.page.keyboard.press("Tab")
        if phone.control("I said hi").evaluate("button => button === document.activeElement"):
            break
    phone.page.keyboard.press("Enter")
    phone.sees_sign("Your half is there; the half of Ben is open.")
    # Whoever goes on by keyboard goes on from here, not from the top of the page.
    expect(phone.page.locator("#main")).to_be_focused()


def test_a_control_keeps_its_focus_when_the_other_acts(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open("/")
    phone.control("On my way").focus()
    mark(by=ben)
    phone.sees_sign("The half of Ben is there; yours is open.")
    expect(phone.control("On my way")).to_be_focused()


def test_nothing_scrolls_sideways_on_a_small_phone(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    ana.person.call_me("Maximiliane-Alexandrina the Second of T")
    ben.person.call_me("Bartholomäus-Christian von und zu Hohenz")
    mark(by=ben)
    repair = share_repair(by=ben, happened=LONG)
    act(repair, by=ana, kind=Kind.NOW)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.HURT, words=LONG)
    phone = visit(ana, screen=SMALL_PHONE)
    paths = ["/", "/repairs/", "/us/", "/us/therapist/", "/me/", "/rituals/", "/safety/"]
    for path in [*paths, "/start/mailbox/", "/start/example/", "/learn/", "/learn/hello/"]:
        phone.open(path)
        fits(phone)
    phone.open(f"/repairs/{repair.pk}/")
    phone.sees_heading("Say back what you heard")
    fits(phone)


def test_whatever_is_tapped_is_big_enough_for_a_thumb(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    """48 px, but for links in the run of a text (WCAG 2.2, 2.5.8 lets those be)."""
    mark(by=ben)
    repair = settled_repair(ana, ben)
    phone = visit(ana)
    for path in ("/", "/repairs/", f"/repairs/{repair.pk}/", "/us/", "/me/", "/rituals/"):
        phone.open(path)
        small = phone.page.evaluate(TOO_SMALL)
        assert not small, f"{path}: {small}"


def test_words_are_back_after_a_session_that_ended_meanwhile(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    repair = settled_repair(ana, ben)
    phone = visit(ana)
    phone.open(f"/repairs/{repair.pk}/")
    phone.write("What hurt me", "I felt left alone.")
    with phone.out_of_earshot():
        Session.objects.all().delete()
        phone.tap("This is what hurt")
        sign_in_here(phone)
    phone.sees_heading("What hurt?")
    expect(phone.field("What hurt me")).to_have_value("I felt left alone.")
    phone.tap("This is what hurt")
    phone.sees("Yours is there.")


def test_a_page_whose_session_has_ended_leads_to_signing_in_and_back_to_the_words(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    """The stream says so by closing, while somebody is still writing."""
    repair = settled_repair(ana, ben)
    phone = visit(ana)
    phone.open(f"/repairs/{repair.pk}/")
    phone.write("What hurt me", "I felt left alone.")
    Session.objects.all().delete()
    sign_in_here(phone)
    phone.sees_heading("What hurt?")
    expect(phone.field("What hurt me")).to_have_value("I felt left alone.")


def test_a_draft_is_back_after_a_session_that_ended_meanwhile(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    phone.choose("I was hurt", "3")
    with phone.out_of_earshot():
        Session.objects.all().delete()
        phone.tap("Keep it as a draft")
        sign_in_here(phone)
    expect(phone.field("What happened?")).to_have_value("You left while I was talking.")
    phone.choose("I was hurt", "3")
    phone.tap("Keep it as a draft")
    phone.sees_heading("My draft")
    # It has arrived, so the next one begins empty.
    phone.open("/repairs/new/")
    expect(phone.field("What happened?")).to_have_value("")


def test_a_draft_is_back_even_if_signing_in_was_quicker_than_its_scripts(
    visit: Visits, ana: Partner
) -> None:
    phone = visit(ana)
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    phone.choose("I was hurt", "3")
    phone.excuse("drafts.", "ERR_FAILED")
    with phone.out_of_earshot():
        Session.objects.all().delete()
        phone.page.route("**/drafts.*", lambda route: route.abort())
        phone.tap("Keep it as a draft")
        phone.sees_heading("Welcome back")
        phone.page.unroute("**/drafts.*")
        sign_in_here(phone)
    expect(phone.field("What happened?")).to_have_value("You left while I was talking.")


def settled_repair(ana: Partner, ben: Partner) -> Repair:
    """Return a repair at which both may write what hurt."""
    repair = share_repair(by=ben)
    act(repair, by=ana, kind=Kind.NOW)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)
    return repair


def sign_in(phone: Visitor) -> None:
    """Sign in from the welcome page."""
    phone.open("/")
    phone.tap("Sign in")
    sign_in_here(phone)


def sign_in_here(phone: Visitor) -> None:
    """Sign in with the password of the factories."""
    phone.sees_heading("Welcome back")
    phone.write("Email", phone.address)
    phone.write("Password", PASSWORD)
    phone.tap("Sign in")


def fits(phone: Visitor) -> None:
    """No part of the page is wider than the screen."""
    sizes = phone.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert sizes[0] <= sizes[1], f"{phone.page.url} is {sizes[0]} px wide"
