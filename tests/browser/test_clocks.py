"""Phones that say where they are, and people who read and type cities."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from couples.models import Couple, Partner, Person
from tests.browser.conftest import SMALL_PHONE, Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Calcutta", "Kolkata, India"), ("America/Vancouver", "Vancouver, Canada"), ("UTC", "")],
)
def test_a_new_phone_fills_in_its_city_by_whatever_name_it_has_or_asks(
    visit: Visits, zone: str, shown: str
) -> None:
    ida = Person.objects.create_user("ida@example.com")
    phone = visit(ida, zone=zone)
    phone.open("/start/")
    expect(phone.field("Your days follow the clock of")).to_have_value(shown)
    phone.write("Your name", "Ida")
    if not shown:
        phone.excuse("422")
        phone.tap("Go on")
        phone.sees("Please name a city whose clock is yours.")
        phone.write("Your days follow the clock of", "Calcutta")
    phone.tap("Go on")
    phone.page.wait_for_url("**/start/mailbox/")
    ida.refresh_from_db()
    wanted = {"Vancouver, Canada": "America/Vancouver"}.get(shown, "Asia/Kolkata")
    assert ida.time_zone == Couple.objects.get().day_zone == wanted


def test_a_phone_in_tokyo_is_asked_about_once_on_the_day_it_gets_there(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    other, phone = visit(ben), visit(ana, screen=SMALL_PHONE, zone="Asia/Tokyo")
    other.open("/")
    phone.open("/")
    phone.sees("Your phone shows the time of Tokyo")
    expect(other.page.get_by_text("Tokyo")).to_have_count(0)
    picture(phone.page, "tokyo")
    phone.tap("Keep Berlin")
    expect(phone.page.get_by_text("Your phone shows the time of Tokyo")).to_have_count(0)
    phone.open("/")
    expect(phone.page.get_by_text("Your phone shows the time of Tokyo")).to_have_count(0)
    assert Person.objects.get(pk=ana.person_id).time_zone == "Europe/Berlin"


def test_a_city_is_found_by_typing_it_on_me(visit: Visits, ana: Partner) -> None:
    phone = visit(ana, screen=SMALL_PHONE)
    phone.open("/me/")
    field = phone.field("Your clock shows the time of")
    expect(field).to_have_value("Berlin, Germany")
    assert phone.page.locator("datalist option").count() > 400
    field.click()
    phone.page.keyboard.type("calcutta")  # the focus selects what stood there
    picture(phone.page, "me")
    phone.tap("Keep")
    expect(field).to_have_value("Kolkata, India")


def test_times_are_said_as_the_phone_in_hand_counts_the_hours(visit: Visits, ana: Partner) -> None:
    Person.objects.filter(pk=ana.person_id).update(counts_hours_to=24)
    phone = visit(ana)  # its language is en-US, which counts to twelve
    phone.open("/rituals/")
    phone.sees("04:00")
    with phone.page.expect_response("**/me/clock/phone/"):
        phone.open("/")
    phone.open("/rituals/")
    phone.sees("4 a.m.")


def picture(page: object, name: str) -> None:
    """Keep what is on the screen where PICTURES says so."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)  # type: ignore[attr-defined]
