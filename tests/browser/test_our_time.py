"""Our time, on two phones."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from rituals.models import Decision, Meeting
from tests.browser.conftest import Visits
from tests.browser.test_without import sign_in
from tests.browser.visitor import Visitor
from tests.factories import begin_meeting, raise_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_agenda_to_a_decision_that_becomes_a_principle(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    raise_topic(by=ana, words="The evenings")
    first, second = visit(ana), visit(ben)
    for phone in (first, second):
        phone.open("/us/")
        phone.sees("One thing to talk about, when you two sit down.")
        phone.tap("Sit down together")
        phone.sees("The evenings")
    first.tap("Begin")
    second.sees("1 of 3")
    second.write("Something you appreciate about Ana", "You waited for me.")
    second.tap("Say it")
    first.sees("You waited for me.")
    second.tap("Next")
    first.sees("2 of 3")
    first.write("In your words", "We stop at six on Wednesdays")
    first.tap("Keep this")
    second.sees("We stop at six on Wednesdays")
    for phone in (first, second):
        phone.tap("We have dealt with this")
    first.sees("You have both dealt with this.")
    first.tap("Next")
    second.sees_heading("The week ahead")
    second.tap("Next")
    first.tap("End our time")
    second.sees_heading("That was our time")
    second.tap("Make something of it")
    second.tap("A principle")
    expect(second.field("In one sentence")).to_have_value("We stop at six on Wednesdays")
    second.tap("Sign and propose it")
    second.sees("Your name is there.")
    first.open("/our-time/past/")
    first.tap("Became a principle")


def test_both_tap_next_at_once_and_move_on_once(visit: Visits, ana: Partner, ben: Partner) -> None:
    for words in ("The spring", "The bins", "The car"):
        raise_topic(by=ana, words=words)
    begin_meeting(by=ana)
    phones = [visit(ana), visit(ben)]
    for phone in phones:
        phone.open("/our-time/")
    for number in range(1, 4):
        for phone in phones:
            phone.sees(f"{number} of 5")
        # Both fingers are down on the same page before either has moved on.
        for phone in phones:
            phone.control("Next").hover()
            phone.page.mouse.down()
        for phone in phones:
            phone.page.mouse.up()
    for phone in phones:
        phone.sees("4 of 5")
    assert Meeting.objects.get().at == 3


def test_what_is_being_typed_stays_when_the_other_moves_on_and_ends(
    visit_in_each: Visits, ana: Partner, ben: Partner
) -> None:
    raise_topic(by=ana, words="The spring")
    meeting = begin_meeting(by=ana)
    first, second = visit_in_each(ana), visit_in_each(ben)
    for phone in (first, second):
        phone.open("/our-time/")
    first.tap("Next")
    second.sees("2 of 3")
    typing = second.field("In your words")
    typing.press_sequentially("The  train")
    for _letter in "_train":
        second.page.keyboard.press("ArrowLeft")
    first.tap("Next")
    second.sees("3 of 3")
    left = second.field("Not kept yet, from 2: Something to talk about")
    expect(left).to_be_focused()
    second.page.keyboard.type("night")
    expect(left).to_have_value("The night train")
    first.tap("Stop here")
    second.sees_heading("That was our time")
    expect(left).to_have_value("The night train")
    second.page.locator("form", has=left).get_by_role("button", name="Keep this").click()
    first.sees("The night train")
    assert Decision.objects.get().item == meeting.items.get(position=1)
    expect(left).to_be_hidden()


def test_without_scripts_the_way_is_the_same(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone: Visitor = visit("Ana", scripts=False)
    sign_in(phone)
    phone.open("/our-time/")
    phone.tap("Begin")
    phone.sees("1 of 2")
    phone.tap("Next")
    phone.write("In your words", "Sunday is ours")
    phone.tap("Keep this")
    phone.sees("Sunday is ours")
    phone.tap("Next")
    phone.tap("End our time")
    phone.tap("Make something of it")
    phone.tap("A topic for next time")
    expect(phone.field("In your words")).to_have_value("Sunday is ours")
    phone.tap("Keep it for next time")
    phone.open("/our-time/past/")
    phone.sees("Became a topic")
    phone.tap("Make something of it")
    phone.tap("Take it back, for both of us")
    phone.sees("Taken back.")
