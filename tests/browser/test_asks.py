"""Asking first, on two phones."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from rituals.asks.flow import Kind
from tests.browser.conftest import Visits
from tests.factories import put_ask, say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_ask_goes_back_and_forth_and_ends_agreed(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    asker, asked = visit(ana), visit(ben)
    asked.open("/")
    asker.open("/asks/")
    asker.tap("Ask something")
    asker.write("What would you like to say yes to?", "Dinner with my team on Thursday")
    asker.write("What would it take the place of?", "Our evening")
    asker.tap("Ask Ben")
    asker.sees_heading("Ben has it now")
    asked.page.get_by_text("Open anyway", exact=True).click()
    asked.sees("Dinner with my team on Thursday")
    asked.tap("Another answer")
    asked.sees("Our evening")
    asked.write("Fine, if …", "we have Friday for us")
    asked.tap("It would be fine like this")
    asker.sees_heading("Fine with Ben, if …")
    asker.write("How about …", "Saturday, the whole day?")
    asker.tap("Offer this")
    asked.sees("Saturday, the whole day?")
    asked.tap("Fine with me")
    for phone in (asker, asked):
        phone.sees_heading("Agreed")


def test_an_ask_is_answered_in_two_taps_and_another_goes_ahead(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    first, second = put_ask(by=ana), put_ask(by=ben, what="Three days in the mountains")
    asker, asked = visit(ana), visit(ben)
    asked.open("/")
    asked.page.get_by_text("Open anyway", exact=True).click()
    asked.tap("Fine with me")
    asked.sees_heading("Agreed")
    asker.open(f"/asks/{first.pk}/")
    asker.sees_heading("Agreed")
    asker.open(f"/asks/{second.pk}/")
    asker.tap("I would rather not")
    asked.open(f"/asks/{second.pk}/")
    asked.sees_heading("Ana would rather not")
    asked.tap("I went ahead")
    asker.sees_heading("Ben went ahead, and said so")


def test_words_stay_while_the_other_offers_something_else(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    ask = put_ask(by=ana)
    say(ask, by=ben, kind=Kind.FINE_IF, words="We have Friday.")
    phone = visit(ben)
    phone.open(f"/asks/{ask.pk}/")
    phone.write("Fine, if …", "or Saturday")
    say(ask, by=ana, kind=Kind.COUNTER, words="Sunday?")
    phone.sees("Sunday?")
    expect(phone.field("Fine, if …")).to_have_value("or Saturday")


def test_without_scripts_an_ask_is_asked_and_answered(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    asker, asked = visit(ana, scripts=False), visit(ben, scripts=False)
    asker.open("/asks/new/")
    asker.write("What would you like to say yes to?", "A new sofa")
    asker.tap("Ask Ben")
    asked.open("/")
    asked.page.get_by_text("Open anyway", exact=True).click()
    asked.tap("Fine with me")
    asked.sees_heading("Agreed")


def test_what_was_being_typed_is_given_back_when_the_other_ends_it(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    ask = put_ask(by=ana)
    asked = visit(ben)
    asked.open(f"/asks/{ask.pk}/")
    asked.write("Fine, if …", "we have Friday for us")
    say(ask, by=ana, kind=Kind.LET_GO)
    asked.sees_heading("Ana let it go")
    expect(asked.page.locator("#notices")).to_contain_text("we have Friday for us")
