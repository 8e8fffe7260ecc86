"""What is being typed stays on the phone until it has arrived, for the one who typed it."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from couples.models import Partner
from tests.browser.conftest import Visits
from tests.browser.test_without import sign_in_here
from tests.browser.visitor import Visitor
from tests.factories import propose, write_manual

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAFTS = "Object.keys(localStorage).filter(key => key.includes(':draft:')).length"
A_MONTH_LATER = """
const now = Date.now;
Date.now = () => now() + 31 * 24 * 3600_000;
"""


def end_session_at(phone: Visitor, button: str) -> None:
    """Tap after the session has ended meanwhile, and sign in again."""
    with phone.out_of_earshot():
        Session.objects.all().delete()
        phone.tap(button)
        sign_in_here(phone)


def test_the_wording_of_a_principle_is_back_after_the_session_ended(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    first, second = propose(by=ana, wording="We come back."), propose(by=ana)
    phone = visit(ana)
    phone.open(f"/us/principles/{first.agreement_id}/wordings/")
    phone.write("In one sentence", "We come back before we sleep.")
    end_session_at(phone, "Sign and propose it")
    expect(phone.field("In one sentence")).to_have_value("We come back before we sleep.")
    # It is about this principle alone.
    phone.open(f"/us/principles/{second.agreement_id}/wordings/")
    expect(phone.field("In one sentence")).to_have_value("We come back the same day.")
    phone.page.go_back()
    phone.tap("Sign and propose it")
    phone.sees("We come back before we sleep.")
    assert phone.page.evaluate(DRAFTS) == 0


def test_an_entry_of_the_manual_is_back_after_the_session_ended(
    visit: Visits, ana: Partner
) -> None:
    entry = write_manual(by=ana, text="I go quiet.")
    phone = visit(ana)
    phone.open(f"/me/manual/{entry.pk}/")
    phone.write("In my words", "I go quiet, and I come back.")
    end_session_at(phone, "Keep")
    expect(phone.field("In my words")).to_have_value("I go quiet, and I come back.")
    phone.tap("Keep")
    phone.sees("Kept.")
    assert phone.page.evaluate(DRAFTS) == 0
    entry.refresh_from_db()
    assert entry.text == "I go quiet, and I come back."


def test_words_are_back_in_another_tab_and_gone_once_they_have_arrived(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open("/appreciations/")
    phone.write("Something you appreciate", "The kettle.")
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.open("/appreciations/")
    expect(phone.field("Something you appreciate")).to_have_value("The kettle.")
    phone.tap("Say it to Ben")
    phone.sees("The kettle.")
    # The same page, with the same field, and nothing in it.
    expect(phone.field("Something you appreciate")).to_have_value("")
    assert phone.page.evaluate(DRAFTS) == 0


def test_words_that_could_not_be_sent_stay(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = visit(ana)
    phone.excuse("ERR_INTERNET_DISCONNECTED")
    phone.open("/asks/new/")
    phone.write("What would you like to say yes to?", "Dinner with my team")
    phone.write("Who is asking for it?", "Work")
    phone.context.set_offline(True)
    phone.page.locator("form.form-page").evaluate("form => form.requestSubmit()")
    phone.has("the browser's own page", lambda: phone.page.url.startswith("chrome-error:"))
    phone.context.set_offline(False)
    phone.open("/")
    phone.open("/asks/new/")
    expect(phone.field("What would you like to say yes to?")).to_have_value("Dinner with my team")
    expect(phone.field("Who is asking for it?")).to_have_value("Work")


def test_nothing_of_it_is_there_for_the_next_person_on_this_phone(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    Session.objects.all().delete()
    phone.open("/accounts/login/")
    # It waits for whoever wrote it.
    assert "You left" in phone.page.evaluate("JSON.stringify({...localStorage})")
    phone.name = "Ben"
    sign_in_here(phone)
    phone.sees_sign("Both halves are open.")
    assert "You left" not in phone.page.evaluate("JSON.stringify({...localStorage})")
    phone.open("/repairs/new/")
    expect(phone.field("What happened?")).to_have_value("")


def test_signing_out_takes_it_along(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    phone.open("/me/")
    phone.tap("Sign out")
    phone.sees_heading("Say hi first.")
    assert phone.page.evaluate("localStorage.length") == 0


def test_it_is_kept_for_a_month_at_most(visit: Visits, ana: Partner) -> None:
    phone = visit(ana)
    phone.open("/repairs/new/")
    phone.write("What happened?", "You left while I was talking.")
    phone.page.reload()
    expect(phone.field("What happened?")).to_have_value("You left while I was talking.")
    phone.page.add_init_script(A_MONTH_LATER)
    phone.page.reload()
    expect(phone.field("What happened?")).to_have_value("")
    assert phone.page.evaluate(DRAFTS) == 0
