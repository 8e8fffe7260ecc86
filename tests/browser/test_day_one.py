"""The first three minutes of two people on two phones, from a link to hello."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from rituals.models import Appreciation
from tests.browser import first_steps
from tests.browser.conftest import Visits
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor
from tests.factories import fresh, put_ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAPS = 8
"""From the first page to one's own hi, typing a mailbox, a code and a name on the way."""

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


class Taps:
    """Counts what a finger does."""

    def __init__(self, visitor: Visitor) -> None:
        self.count = 0
        self._tap = visitor.tap
        visitor.tap = self.tap  # type: ignore[method-assign]

    def tap(self, words: str) -> None:
        """Tap as the visitor would, and count it."""
        self.count += 1
        self._tap(words)


def arrive(visitor: Visitor, mailbox: Mailbox, *, scripts: bool) -> None:
    """From the first page to Today."""
    visitor.open("/")
    visitor.tap("Begin")
    first_steps.sign_up(visitor, mailbox)
    visitor.write("Your name", visitor.name)
    if not scripts:
        visitor.write("Your days follow the clock of", "Berlin")
    visitor.tap("Go on")
    first_steps.say_hi_first(visitor)


@SCRIPTS
def test_two_new_people_say_hi(visit: Visits, mailbox: Mailbox, *, scripts: bool) -> None:
    ida, noa = visit("Ida", scripts=scripts), visit("Noa", scripts=scripts)
    taps = Taps(ida)
    arrive(ida, mailbox, scripts=scripts)
    starts_with_two_cards(ida)
    ida.tap("I said hi")
    ida.sees("Yours is there.")
    assert taps.count <= TAPS
    ida.tap("Make a link")
    ida.sees("Send this link to your partner.")
    link = ida.page.locator("[data-copy] input").input_value()
    taps = Taps(noa)
    noa.open(link)
    noa.sees_heading("Ida invites you")
    noa.tap("Sign up and come back here")
    first_steps.sign_up(noa, mailbox)
    noa.write("Your name", noa.name)
    if not scripts:
        noa.write("Your clock shows the time of", "Berlin")
    noa.tap("Accept")
    first_steps.say_hi_first(noa)
    noa.tap("I said hi")
    noa.sees_sign("Both of you did this today.")
    assert taps.count <= TAPS
    if not scripts:
        ida.open("/")
    ida.sees_sign("Both of you did this today.")
    ida.sees("You connected today.")


def starts_with_two_cards(ida: Visitor) -> None:
    """The greeting and the goodbye; the link for the other and what helps meanwhile below them."""
    headings = ida.page.locator("main h2").all_inner_texts()
    assert headings == ["Saying hi", "Saying goodbye", "Invite your partner", "Meanwhile"]


@SCRIPTS
def test_whoever_is_unsure_of_the_mailbox_reads_on_and_sends_nothing(
    visit: Visits, mailbox: Mailbox, *, scripts: bool
) -> None:
    ida = visit("Ida", scripts=scripts)
    ida.open("/accounts/signup/")
    first_steps.sign_up(ida, mailbox)
    ida.write("Your name", "Ida")
    if not scripts:
        ida.write("Your days follow the clock of", "Berlin")
    ida.tap("Go on")
    ida.sees_heading("Is this mailbox read by you alone?")
    asked: list[str] = []
    ida.page.on("request", lambda request: asked.append(request.url))
    ida.tap("No, or I am not sure")
    ida.sees("An address of your own is the best start")
    assert not asked
    ida.page.reload()
    expect(ida.page.get_by_text("An address of your own is the best start")).to_be_hidden()
    ida.tap("Not now")
    ida.sees_heading("One example: the greeting")


def test_another_phone_goes_on_where_the_first_stopped(visit: Visits, mailbox: Mailbox) -> None:
    first, second = visit("Ida"), visit("Ida")
    first.open("/accounts/signup/")
    first_steps.sign_up(first, mailbox)
    first.write("Your name", "Ida")
    first.tap("Go on")
    first.tap("Yes, by me alone")
    first.sees_heading("One example: the greeting")
    second.open("/accounts/login/code/")
    second.write("Email", second.address)
    second.tap("Send me a code")
    first_steps.enter_code(second, mailbox)
    second.sees_heading("One example: the greeting")
    second.tap("Not now")
    second.sees_heading("Today")


def test_the_first_act_of_the_other_is_on_the_open_page_at_once(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    Partner.objects.filter(pk=ben.pk).update(active_on=date(2026, 1, 1))
    phone = visit(ana)
    phone.open("/")
    phone.sees_heading("Practice for one")
    phone.finds_nothing_of("Ben")
    Appreciation.say("For the tea.", by=fresh(ben), client_key=uuid.uuid4())
    phone.sees_sign("Both halves are open.")
    expect(phone.page.get_by_role("heading", name="Practice for one")).to_have_count(0)


def test_what_was_unfolded_stays_unfolded(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = visit(ana)
    phone.open("/us/")
    phone.tap("More for the two of you, when you need it")
    put_ask(by=ben)
    expect(phone.page.locator("#parts > section > #asks")).to_be_visible()
    phone.sees("Requests, plans and concerns, kept between the two of you.")
