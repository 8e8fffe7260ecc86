"""Two taps in a hurry and going back: one tap, one answer, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from playwright.sync_api import expect

from couples.models import Couple, Invitation, Partner, Person
from rituals.models import Appreciation, Ask
from tests.at_once import somebody_waits
from tests.browser.conftest import Visits
from tests.browser.mailbox import Mailbox
from tests.browser.visitor import Visitor
from tests.factories import fresh, make_person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"]),
]


@contextmanager
def slow(table: str) -> Iterator[None]:
    """Let nothing be written to a table meanwhile, so that answers come late."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{table}" IN SHARE MODE')
        yield


def tap_twice(phone: Visitor, words: str, *, while_slow: str) -> None:
    """Tap, and at the same place once more while the first tap waits for its answer."""
    phone.control(words).click(trial=True)  # what has just been drawn takes no tap for a moment
    box = phone.control(words).bounding_box()
    assert box
    there = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    posts = []
    phone.page.on("request", lambda each: posts.append(each) if each.method == "POST" else None)
    with slow(while_slow):
        phone.page.mouse.click(*there)
        phone.has("the first tap is under way", somebody_waits)
        phone.page.mouse.click(*there)
        if not phone.runs_scripts:
            phone.has("the second has gone out as well", lambda: len(posts) > 1)
    assert len(posts) == (1 if phone.runs_scripts else 2)


def test_signing_up_and_signing_in_with_a_code(
    visit: Visits, mailbox: Mailbox, scripts: bool
) -> None:
    phone = visit("Mia", scripts=scripts)
    phone.open("/accounts/signup/")
    phone.write("Email", phone.address)
    tap_twice(phone, "Sign up", while_slow="couples_person")
    phone.sees_heading("Look in your mailbox")
    phone.write("Code", mailbox.code_for(phone.address))
    tap_twice(phone, "Go on", while_slow="couples_person")
    phone.sees_heading("What shall we call you?")
    assert Person.objects.count() == 1


def test_signing_in_with_a_code(visit: Visits, mailbox: Mailbox, scripts: bool) -> None:
    phone = visit("Mia", scripts=scripts)
    make_person(name="Mia")
    phone.open("/accounts/login/code/")
    phone.write("Email", phone.address)
    phone.tap("Send me a code")
    phone.write("Code", mailbox.code_for(phone.address))
    tap_twice(phone, "Go on", while_slow="couples_person")
    phone.sees_heading("What shall we call you?")


def test_accepting_an_invitation(visit: Visits, cleo: Person, scripts: bool) -> None:
    eve = fresh(Couple.start(by=make_person(name="Eve"), day_zone="UTC"))
    link = f"/join/{Invitation.make(by=eve).token}/"
    phone = visit(cleo, scripts=scripts)
    phone.open(link)
    tap_twice(phone, "Accept", while_slow="couples_partner")
    expect(phone.page.get_by_role("link", name="Today")).to_be_visible()
    expect(phone.page.locator(".notice-error")).to_have_count(0)
    phone.open(link)
    expect(phone.page).not_to_have_url(phone.site.url + link)


def test_going_back_and_asking_the_same_again(visit: Visits, ana: Partner, scripts: bool) -> None:
    phone = visit(ana, scripts=scripts)
    phone.open("/asks/new/")
    phone.write("What would you like to say yes to?", "Dinner with my team")
    phone.tap("Ask Ben")
    phone.sees("Dinner with my team")
    there = phone.page.url
    phone.page.go_back()
    phone.write("What would you like to say yes to?", "Dinner with my team")
    phone.tap("Ask Ben")
    expect(phone.page).to_have_url(there)
    assert Ask.objects.count() == 1


def test_going_back_and_saying_the_same_again(visit: Visits, ana: Partner, scripts: bool) -> None:
    phone = visit(ana, scripts=scripts)
    phone.open("/us/")
    phone.open("/appreciations/")
    for words in ("You laughed.", "You laughed.", "You laughed at my joke."):
        phone.write("Something you appreciate", words)
        phone.page.locator("main form button").first.click()
        phone.sees("Said.")
        phone.page.go_back()
    assert Appreciation.objects.count() == 2
