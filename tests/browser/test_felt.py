"""Felt security, on two phones."""

from __future__ import annotations

import pytest

from couples.models import Partner
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import answer_week, mark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def answer(phone: Visitor, *numbers: int) -> None:
    """Choose a number for each sentence, by the thumb."""
    names = ("came_first", "bring_up", "came_back")
    for name, number in zip(names, numbers, strict=True):
        phone.page.locator(f"label:has(input[name={name}][value='{number}'])").click()
    phone.tap("Keep, for me alone")


def test_a_pulse_opens_when_both_share_and_stands_in_the_picture(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    for who in (ana, ben):
        mark(by=who)
    first, second = visit(ana), visit(ben)
    second.open("/us/felt/")
    first.open("/us/")
    first.tap("More for the two of you, when you need it")
    first.tap("My week, and over time")
    first.tap("How was this week?")
    answer(first, 5, 3, 6)
    first.sees("Kept, for you alone.")
    first.tap("Share this week")
    first.sees("It opens to the two of you together")
    second.finds_nothing_of("5 · 3 · 6", ">Ana<")
    second.tap("How was this week?")
    answer(second, 2, 4, 1)
    first.finds_nothing_of("2 · 4 · 1", ">Ben<")
    second.tap("Share this week")
    second.sees("You have both shared this week, so it stands as it is.")
    first.sees("You have both shared this week, so it stands as it is.")
    for phone, other in ((first, "Ben"), (second, "Ana")):
        phone.sees_sign(f"How safe it felt, You, {other}: drawn over the weeks of the table below")
        phone.tap("The same as a table")
        phone.sees("5 · 3 · 6")
        phone.sees("2 · 4 · 1")


def test_what_was_shared_alone_is_taken_back_unseen(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    answer_week(by=ana)
    phone, other = visit(ana), visit(ben)
    other.open("/us/felt/")
    phone.open("/us/felt/")
    phone.tap("Share this week")
    phone.tap("Keep it to myself")
    phone.sees("It is yours alone again.")
    answer_week(by=ben, shared=True)
    other.open("/us/felt/")
    other.sees("It opens to the two of you together")
    other.finds_nothing_of(">Ana<")


def test_without_scripts_too(visit: Visits, ana: Partner, ben: Partner) -> None:
    answer_week(by=ben, shared=True)
    phone = visit(ana, scripts=False)
    phone.open("/us/felt/pulse/")
    answer(phone, 1, 2, 3)
    phone.tap("Share this week")
    phone.sees("You have both shared this week.")
