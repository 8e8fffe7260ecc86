"""Two phones and a laptop go the whole way, from signing up to what the therapist sees."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import first_steps, mending
from tests.browser.conftest import LAPTOP, Visits
from tests.browser.mailbox import Mailbox
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_signing_up_to_what_the_therapist_sees(
    visit: Visits, mailbox: Mailbox, site: Site
) -> None:
    ida, noa = visit("Ida"), visit("Noa")
    pair(ida, noa, mailbox)
    greet(ida, noa)
    part_for_the_day(ida, noa)
    set_a_reminder(ida)
    mend(ida, noa)
    rivka = visit("Rivka", screen=LAPTOP)
    become_a_therapist(rivka, mailbox, site)
    link(rivka, ida, noa)
    share(rivka, ida, noa, mailbox)
    withdraw(rivka, noa)


def pair(ida: Visitor, noa: Visitor, mailbox: Mailbox) -> None:
    """One signs up with a password, the other with a mailbox alone; both are on Today."""
    ida.open("/")
    ida.tap("Begin")
    first_steps.sign_up(ida, mailbox, password=PASSWORD)
    url = first_steps.start_a_couple(ida)
    first_steps.join(noa, mailbox, url, inviter="Ida")
    noa.sees_sign("Both halves are open.")
    ida.sees_sign("Both halves are open.")


def greet(ida: Visitor, noa: Visitor) -> None:
    """On the way, and hello: each tap is on the other phone without reloading."""
    noa.page.evaluate("window.never_reloaded = true")
    ida.tap("On my way")
    noa.sees("Ida is on the way.")
    ida.tap("I said hi")
    noa.sees_sign("The half of Ida is there; yours is open.")
    noa.tap("I said hi")
    for each in (ida, noa):
        each.sees_sign("Both of you did this today.")
    expect(noa.page.get_by_text("Ida is on the way.")).to_have_count(0)
    assert noa.page.evaluate("window.never_reloaded") is True


def part_for_the_day(ida: Visitor, noa: Visitor) -> None:
    """Heading out, and goodbye: the second circle closes on both phones."""
    noa.tap("Heading out")
    ida.sees("Noa is about to head out.")
    noa.tap("I said goodbye")
    ida.tap("I said goodbye")
    for each in (ida, noa):
        expect(each.control("I said goodbye")).to_have_count(0)
    expect(ida.page.get_by_text("Noa is about to head out.")).to_have_count(0)


def set_a_reminder(ida: Visitor) -> None:
    """A time of one's own for the greeting."""
    ida.tap("Me")
    ida.tap("Our rituals and my reminders")
    ida.field("Remind me at").first.fill("18:30")
    ida.control("Keep this time").first.click()
    ida.sees("Kept.")
    expect(ida.field("Remind me at").first).to_have_value("18:30")


def mend(ida: Visitor, noa: Visitor) -> None:
    """A hurt is logged, shared, and mended on both phones."""
    mending.log(ida, noa)
    mending.invite(ida, noa)
    mending.settle(ida, noa)
    mending.say_what_hurt(ida, noa)
    mending.name_the_parts(ida, noa)
    mending.say_us(ida, noa)
    mending.be_safe_again(ida, noa)


def become_a_therapist(rivka: Visitor, mailbox: Mailbox, site: Site) -> None:
    """Asked for by the therapist, verified by the operator, opened with a second factor."""
    first_steps.ask_for_a_practice(rivka, mailbox)
    assert "Now verified." in site.manage("verify_therapist", rivka.address)
    first_steps.set_up_second_factor(rivka)
    rivka.sees_heading("No couple is linked yet")


def link(rivka: Visitor, ida: Visitor, noa: Visitor) -> None:
    """The therapist invites; one opens the link for the two, each accepts alone."""
    rivka.tap("Invitations")
    rivka.page.get_by_role("radio", name="No secrets are kept").check()
    rivka.choose("I have seen each partner alone about safety.")
    rivka.tap("Make a link")
    ida.open(rivka.field("Link for one couple").input_value())
    ida.sees_heading("Rivka would like to go with you")
    ida.tap("Open it for the two of us")
    ida.tap("I accept this therapist")
    ida.sees_heading("Shared with Rivka")
    sees_no_couple(rivka)
    noa.open("/")
    noa.tap("Look at it")
    noa.tap("I accept this therapist")


def share(rivka: Visitor, ida: Visitor, noa: Visitor, mailbox: Mailbox) -> None:
    """Nothing shows before both have consented to the same thing."""
    consent(ida)
    rivka.open("/practice/")
    expect(rivka.page.locator("td.not-shared")).to_have_count(5)
    consent(noa, mailbox)
    rivka.open("/practice/")
    row = rivka.page.get_by_role("row", name="Ida")
    expect(row).to_contain_text("Noa")
    expect(row).to_contain_text("1 of 1")
    expect(row).to_contain_text("today")
    rivka.finds_nothing_of(mending.HAPPENED, mending.HURT, mending.US_OF_FIRST)


def withdraw(rivka: Visitor, noa: Visitor) -> None:
    """One takes back one thing, then everything, without asking anybody."""
    noa.open("/us/therapist/")
    noa.tap("Stop sharing: Rhythm")
    noa.sees("Not shared any more.")
    rivka.open("/practice/")
    expect(rivka.page.locator("td.not-shared")).to_have_count(4)
    noa.tap("Stop")
    noa.tap("Share nothing any more")
    noa.sees("Nothing of yours is shared any more.")
    sees_no_couple(rivka)


def consent(partner: Visitor, mailbox: Mailbox | None = None) -> None:
    """Say yes to two things, from the start, once a password or a fresh code is given."""
    partner.open("/us/therapist/")
    partner.tap("Choose what I share")
    if mailbox:
        first_steps.answer_again(partner, mailbox)
    else:
        first_steps.sign_in_again(partner)
    for part in ("Rhythm", "Repairs (that and when)"):
        partner.page.get_by_role("checkbox", name=part).check()
    partner.choose("From the start")
    partner.tap("Yes to these")
    partner.sees("Kept.")


def sees_no_couple(rivka: Visitor) -> None:
    """The therapist's page says nothing of the two, not even their names."""
    rivka.open("/practice/")
    rivka.sees_heading("No couple is linked yet")
    rivka.finds_nothing_of("Ida", "Noa")
