"""Today, open past the start of a day, and a phone that sends on another day what it kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.formats import date_format
from playwright.sync_api import expect

from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.models import Mark, RitualSchedule
from tests.browser.conftest import Visits
from tests.browser.test_offline import KEPT
from tests.browser.visitor import Visitor
from tests.factories import fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A_DAY = 25 * 3600  # seconds: no day of a couple is longer


@pytest.fixture
def phone(visit: Visits, ana: Partner, ben: Partner) -> Visitor:
    """Ana's, on Today, of a couple in the west; its clock can be moved on."""
    RitualSchedule.objects.update(valid_from=date(2020, 1, 1))
    Couple.objects.update(day_zone="Etc/GMT+12")
    hers = visit(ana)
    hers.page.clock.install()
    hers.open("/")
    expect(hers.page.locator("#date")).to_have_text(named(today(ana)))
    return hers


def today(of: Partner) -> date:
    return fresh(of).couple.today(database_now())


def named(day: date) -> str:
    return date_format(day, "l j F")


def a_day_begins(of: Partner) -> date:
    """A day goes by for the couple: a clock on the other side of the world shows the next."""
    before = today(of)
    Couple.objects.update(day_zone="Etc/GMT-12")
    assert today(of) == before + timedelta(days=1)
    return today(of)


def test_a_page_that_stays_open_has_the_new_day_when_it_begins(
    phone: Visitor, ana: Partner
) -> None:
    phone.tap("I said hi")
    phone.sees("Take mine back")
    day = a_day_begins(ana)
    phone.page.clock.fast_forward(A_DAY * 1000)
    expect(phone.page.locator("#date")).to_have_text(named(day))
    phone.tap("I said hi")
    phone.sees("Take mine back")
    assert Mark.objects.filter(moment__date=day).count() == 1


def test_a_phone_that_slept_has_the_new_day_when_it_wakes(phone: Visitor, ana: Partner) -> None:
    """No timer runs while a phone sleeps."""
    day = a_day_begins(ana)
    phone.page.clock.set_system_time(database_now() + timedelta(seconds=A_DAY))
    phone.page.evaluate("void window.dispatchEvent(new Event('focus'))")
    expect(phone.page.locator("#date")).to_have_text(named(day))
    expect(phone.page.locator("[name=day]").first).to_have_value(day.isoformat())


def test_the_calendar_has_the_new_day_too(phone: Visitor, ana: Partner) -> None:
    phone.open("/rituals/calendar/")
    day = a_day_begins(ana)
    phone.page.clock.fast_forward(A_DAY * 1000)
    expect(phone.page.locator("[aria-current=date]")).to_contain_text(str(day.day))


def test_a_tap_just_before_the_page_has_heard_of_it_says_its_day(
    phone: Visitor, ana: Partner
) -> None:
    yesterday = today(ana)
    day = a_day_begins(ana)
    phone.tap("I said hi")
    phone.sees(f"Kept for {named(yesterday)}. A new day has begun.")
    expect(phone.page.locator("#date")).to_have_text(named(day))
    expect(phone.control("I said hi")).to_be_visible()
    assert Mark.objects.get().moment.date == yesterday


def test_a_tap_made_offline_and_sent_on_another_day_says_its_day(
    phone: Visitor, ana: Partner
) -> None:
    phone.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    yesterday = today(ana)
    phone.context.set_offline(True)
    phone.tap("I said hi")
    expect(phone.page.get_by_text(KEPT).first).to_be_visible()
    a_day_begins(ana)
    phone.context.set_offline(False)
    phone.page.clock.fast_forward(60_000)
    phone.sees(f"Kept for {named(yesterday)}. A new day has begun.")
    assert Mark.objects.get().moment.date == yesterday


def test_what_the_app_says_stays_until_the_next_tap(
    visit: Visits, phone: Visitor, ben: Partner
) -> None:
    """The other's taps ask the page anew; they take nothing away that was not read."""
    said = "What you said a moment ago is still there."
    phone.tap("On my way")
    phone.sees("You said that you are on your way.")
    phone.tap("Heading out")
    phone.sees(said)
    his = visit(ben)
    his.open("/")
    his.tap("I said hi")
    phone.sees_sign("The half of Ben is there; yours is open.")
    his.tap("I said goodbye")
    phone.page.evaluate("void htmx.trigger(document.body, 'live:resync')")
    phone.hears()
    phone.sees(said)
    phone.tap("I said hi")
    expect(phone.page.get_by_text(said)).to_have_count(0)
