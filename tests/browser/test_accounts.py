"""Accounts as they were broken into from outside: before the proof, and with the phone in hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from couples.models import Partner, Person
from tests.browser import first_steps
from tests.browser.conftest import SMALL_PHONE, Visits
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MALLORYS = "mallory knows this one"
LINK = re.compile(r"https?://\S+/accounts/address/\S+")


@pytest.fixture
def code_only(ana: Partner) -> Partner:
    """She has never chosen a password."""
    ana.person.set_unusable_password()
    ana.person.save()
    return ana


def signs_in_with_a_code(visitor: Visitor, mailbox: Mailbox) -> None:
    visitor.open("/accounts/login/code/")
    visitor.write("Email", visitor.address)
    visitor.tap("Send me a code")
    first_steps.enter_code(visitor, mailbox)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_who_signed_up_first_with_a_password_is_not_let_into_the_owners_account(
    visit: Visits, mailbox: Mailbox, *, scripts: bool
) -> None:
    """A1, as it was found."""
    mallory, owner = visit("Ida", scripts=scripts), visit("Ida", scripts=scripts)
    mallory.open("/accounts/signup/")
    mallory.write("Email", owner.address)
    mallory.write("Password", MALLORYS)
    mallory.tap("Sign up")
    mallory.sees("A code is on its way")
    mailbox.code_for(owner.address)  # lies unread
    signs_in_with_a_code(owner, mailbox)
    expect(owner.field("Your name")).to_be_visible()
    mallory.page.reload()
    expect(mallory.field("Password")).to_be_visible()
    mallory.open("/accounts/login/")
    mallory.write("Email", owner.address)
    mallory.write("Password", MALLORYS)
    mallory.tap("Sign in")
    expect(mallory.control("Sign in")).to_be_visible()
    mallory.open("/")
    mallory.sees("Begin")
    owner.open("/start/")
    expect(owner.field("Your name")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_phone_left_signed_in_changes_nothing_without_a_code_from_the_old_address(
    visit: Visits, code_only: Partner, mailbox: Mailbox, *, scripts: bool
) -> None:
    """A2, as it was found; and the way back (G4)."""
    phone = visit(code_only, screen=SMALL_PHONE)
    for page in ("/accounts/password/set/", "/accounts/2fa/totp/activate/"):
        phone.open(page)
        phone.sees_heading("Still you?")
    phone.open("/accounts/email/")
    phone.write("Email", "elsewhere@example.org")
    phone.tap("Move to this address")
    phone.sees("A code is on its way to ana@example.com.")
    phone.keep_picture("still_you")
    first_steps.answer_again(phone, mailbox)
    expect(phone.field("Email")).to_have_value("elsewhere@example.org")
    phone.keep_picture("mailbox")
    phone.tap("Move to this address")
    phone.sees("A code is on its way to elsewhere@example.org.")
    phone.write("Code", mailbox.code_for("elsewhere@example.org"))
    phone.tap("Go on")
    phone.sees_heading("Today")
    told = mailbox.mail_to("ana@example.com", "another address")
    assert "elsewhere" not in told
    assert "Mozilla" not in told
    takes_it_back(visit("Ana at home", scripts=scripts, screen=SMALL_PHONE), told)
    assert Person.objects.get(pk=code_only.person_id).email == "ana@example.com"
    phone.open("/me/")
    expect(phone.control("Sign in")).to_be_visible()


def takes_it_back(home: Visitor, told: str) -> None:
    """Open the link signed out; only the tap does anything."""
    found = LINK.search(told)
    assert found, told
    home.open(found[0])
    home.sees_heading("Take your address back?")
    home.keep_picture("take_back")
    home.tap("Take it back")
    home.sees("Your address is back.")
    home.open(found[0])
    home.sees_heading("Your address is back")
    home.keep_picture("taken_back")


def test_a_code_that_is_not_it_says_so_and_another_one_comes(
    visit: Visits, code_only: Partner, mailbox: Mailbox
) -> None:
    phone = visit(code_only, screen=SMALL_PHONE, scheme="dark")
    phone.open("/accounts/password/set/")
    phone.write("Code", "AAAA-AAAA")
    phone.tap("Go on")
    expect(phone.page.locator(".field-error, [aria-invalid=true]").first).to_be_visible()
    phone.keep_picture("still_you_wrong")
    mailbox.code_for("ana@example.com")
    phone.tap("Send another code")
    first_steps.answer_again(phone, mailbox)
    phone.sees_heading("Set a password")
    phone.write("Password", PASSWORD)
    phone.write("Password (again)", PASSWORD)
    phone.tap("Use this password")
    mailbox.mail_to("ana@example.com", "A password has been set")
