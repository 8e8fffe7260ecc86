"""Two phones in one repair: ways out, the same instant, no connection, a changed mind."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from repairs.models import Repair, RepairAct
from repairs.terms import Kind
from tests.browser import repairing
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import act

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Two = tuple[Visitor, Visitor]


@pytest.fixture
def two(visit: Visits, ana: Partner, ben: Partner) -> Two:
    """Both with their phones in the hand."""
    return visit(ana), visit(ben)


@pytest.mark.parametrize("way", ["Take this break", "Pause", "Set it down", "not safe"])
def test_each_way_out_is_the_same_from_the_other_phone(
    two: Two, ana: Partner, ben: Partner, way: str
) -> None:
    first, second = two
    url = f"/repairs/{repairing.at_hurt(ana, ben).pk}/"
    for each in two:
        each.open(url)
    if way == "not safe":
        first.tap("I don't feel safe doing this")
        first.page.wait_for_url("**/safety/")
    else:
        if way == "Take this break":
            first.tap("Take a break")
        first.tap(way)
        first.sees_heading("Resting")
    note = "Ana is resting. It goes on from here when you both are ready."
    second.sees(note)
    assert second.page.locator(".note").all_inner_texts() == [note]


def test_words_wait_for_whoever_pauses_while_writing(two: Two, ana: Partner, ben: Partner) -> None:
    first, _second = two
    first.open(f"/repairs/{repairing.at_hurt(ana, ben).pk}/")
    first.write("What hurt me", "I felt left")
    first.tap("Pause")
    first.tap("I'm here again")
    expect(first.field("What hurt me")).to_have_value("I felt left")


def test_both_press_the_last_button_in_the_same_instant(
    two: Two, ana: Partner, ben: Partner
) -> None:
    repair = repairing.at_safe(ana, ben)
    for each in two:
        each.open(f"/repairs/{repair.pk}/")
    for each in two:
        each.page.evaluate(
            "setTimeout(() => document.querySelector('[value=safe_yes]').click(), 300)"
        )
    repairing.mended(*two)
    kinds = list(RepairAct.objects.order_by("number").values_list("kind", flat=True))
    assert kinds[-2:] == ["safe_yes", "safe_yes"]


def test_one_phone_is_offline_in_the_middle(two: Two, ana: Partner, ben: Partner) -> None:
    """It catches up by itself, and what was being typed is still there."""
    first, second = two
    url = f"/repairs/{repairing.at_hurt(ana, ben).pk}/"
    for each in two:
        each.open(url)
    first.excuse("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    first.write("What hurt me", "I felt left")
    first.context.set_offline(True)
    second.write("What hurt me", "I felt pushed")
    second.tap("This is what hurt")
    first.tap("This is what hurt")
    first.sees("That did not get through. Try once more.")
    expect(first.field("What hurt me")).to_have_value("I felt left")
    first.context.set_offline(False)
    first.sees_sign("You have done 2 of 8 steps, Ben 3 of 8.")
    first.tap("This is what hurt")
    for each in two:
        each.sees_heading("Say back what you heard")


def test_an_answer_is_changed_before_it_is_read(two: Two, ana: Partner, ben: Partner) -> None:
    first, second = two
    url = f"/repairs/{repairing.at_hurt(ana, ben).pk}/"
    for each in two:
        each.open(url)
    first.write("What hurt me", "You are impossible.")
    first.tap("This is what hurt")
    first.tap("Let me change mine")
    expect(first.field("What hurt me")).to_have_value("You are impossible.")
    first.write("What hurt me", "I felt alone.")
    first.tap("This is what hurt")
    second.tap("Nothing of mine this time")
    second.sees("I felt alone.")
    second.finds_nothing_of("You are impossible.")


def test_without_javascript_the_whole_way_is_open(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    repair = repairing.at_hurt(ana, ben)
    phone = visit(ana, scripts=False)
    phone.open(f"/repairs/{repair.pk}/")
    phone.write("What hurt me", "alone")
    phone.tap("This is what hurt")
    for by, kind, words in (
        (ben, Kind.NO_HURT, None),
        (ben, Kind.ECHO, "You were alone."),
    ):
        act(repair, by=by, kind=kind, words=words)
    phone.page.reload()
    phone.tap("That's it")
    phone.write("My part", "silent")
    phone.tap("This was my part")
    act(repair, by=ben, kind=Kind.NO_PART)
    act(repair, by=ben, kind=Kind.TAKE_IN)
    phone.page.reload()
    phone.write("What we are to me", "home")
    phone.tap("This is us")
    act(repair, by=ben, kind=Kind.US, words="us")
    act(repair, by=ben, kind=Kind.SAFE_YES)
    phone.page.reload()
    phone.tap("Yes")
    phone.sees_heading("Mended")
    phone.tap("What was said so far")
    assert Repair.objects.get(pk=repair.pk).stage == "mended"
