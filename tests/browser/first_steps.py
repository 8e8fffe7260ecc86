"""What everybody does once: sign up, start a couple, join the other, open a practice."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.authenticator import code_now
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD


def sign_up(visitor: Visitor, mailbox: Mailbox, *, password: str = "") -> None:
    """Fill in the page for signing up, which is open, and confirm the mailbox with a code."""
    visitor.write("Email", visitor.address)
    visitor.write("Password", password)
    visitor.tap("Sign up")
    enter_code(visitor, mailbox)


def enter_code(visitor: Visitor, mailbox: Mailbox) -> None:
    """Type in the code that has just been sent."""
    visitor.sees("A code is on its way")
    visitor.write("Code", mailbox.code_for(visitor.address))
    visitor.tap("Go on")


def start_a_couple(visitor: Visitor) -> str:
    """Give a name, invite the other, and return the link for them."""
    visitor.write("Your name", visitor.name)
    expect(visitor.field("Your days follow the clock of")).to_have_value(re.compile("Berlin"))
    visitor.tap("Go on")
    say_hi_first(visitor)
    visitor.tap("Make a link")
    visitor.sees("Send this link to your partner.")
    return visitor.page.locator("[data-copy] input").input_value()


def join(visitor: Visitor, mailbox: Mailbox, link: str, *, inviter: str) -> None:
    """Open the link as a stranger, sign up with a mailbox alone, and accept."""
    visitor.open(link)
    visitor.sees_heading(f"{inviter} invites you")
    visitor.tap("Sign up and come back here")
    sign_up(visitor, mailbox)
    visitor.sees_heading(f"{inviter} invites you")
    visitor.write("Your name", visitor.name)
    visitor.tap("Accept")
    say_hi_first(visitor)


def say_hi_first(visitor: Visitor) -> None:
    """Go from the name to Today: who reads the mailbox, and one example."""
    visitor.sees_heading("Is this mailbox read by you alone?")
    visitor.tap("Yes, by me alone")
    visitor.sees_heading("One example: the greeting")
    visitor.tap("To our first hi")
    visitor.sees_heading("Today")


def ask_for_a_practice(visitor: Visitor, mailbox: Mailbox) -> None:
    """Sign up and ask for a therapist's account."""
    visitor.open("/accounts/signup/")
    sign_up(visitor, mailbox, password=PASSWORD)
    visitor.tap("Here is your desk.")
    visitor.write("Your name", visitor.name)
    visitor.write("Your licence", "LMFT 4711")
    visitor.write("Where you practise", "Oregon")
    visitor.choose("I am a licensed professional, and what I write here is true.")
    visitor.tap("Ask for an account")
    visitor.sees("Waiting to be verified")


def set_up_second_factor(visitor: Visitor) -> None:
    """Go to one's couples, be asked for a second factor first, and set up a code app."""
    visitor.open("/practice/")
    visitor.sees("Couples trust you with a lot.")
    visitor.tap("Set up an app")
    sign_in_again(visitor)
    secret = visitor.field("Or type this key into the app").input_value()
    visitor.write("Authenticator code", code_now(secret))
    visitor.tap("It works")
    visitor.sees_heading("Recovery codes")
    visitor.open("/practice/")
    visitor.write("Code", code_now(secret))
    visitor.tap("Go on")


def sign_in_again(visitor: Visitor) -> None:
    """Give the password before something that matters."""
    visitor.sees_heading("Still you?")
    visitor.write("Password", PASSWORD)
    visitor.tap("Go on")


def answer_again(visitor: Visitor, mailbox: Mailbox) -> None:
    """Type in a fresh code before something that matters, where there is no password."""
    visitor.sees_heading("Still you?")
    visitor.write("Code", mailbox.code_for(visitor.address))
    visitor.tap("Go on")
