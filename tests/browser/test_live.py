"""What one does is on the other's phone at once, and disturbs nothing there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from couples.models import Partner
from repairs.models import Repair
from repairs.terms import Kind
from tests.browser.conftest import Visits
from tests.factories import act, mark, share_repair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mark_shows_on_both_phones_without_reloading(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phones = visit(ana), visit(ben)
    for phone in phones:
        phone.open("/")
        phone.page.evaluate("window.never_reloaded = true")
    phones[0].tap("I said hi")
    phones[0].sees_sign("Your half is there; the half of Ben is open.")
    phones[1].sees_sign("The half of Ana is there; yours is open.")
    phones[1].tap("I said hi")
    for phone in phones:
        phone.sees_sign("Both of you did this today.")
        assert phone.page.evaluate("window.never_reloaded") is True


def test_what_happens_while_the_page_is_asking_is_not_lost(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open("/")
    held: list[Route] = []
    phone.page.route("**/", lambda route: held.append(route) if not held else route.continue_())
    mark(by=ben)
    phone.has("the page has asked again", lambda: held)
    # This answer knows nothing of what comes now.
    stale = held[0].fetch()
    mark(by=ana)
    phone.has("both are told of", lambda: phone.page.evaluate("window.line.changes") == 2)
    held[0].fulfill(response=stale)
    phone.sees_sign("Both of you did this today.")


def test_a_tap_that_falls_together_with_a_change_is_not_lost(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.open("/")
    held: list[Route] = []
    phone.page.route("**/", lambda route: held.append(route) if not held else route.continue_())
    mark(by=ben)
    phone.has("the page has asked again", lambda: held)
    phone.control("I said hi").hover()
    phone.page.mouse.down()
    # What was asked before is answered while the finger is down.
    phone.page.evaluate(
        "document.addEventListener('htmx:afterRequest', () => { window.answered = true; })"
    )
    held[0].continue_()
    phone.has("the answer is there", lambda: phone.page.evaluate("window.answered === true"))
    phone.page.mouse.up()
    phone.sees_sign("Both of you did this today.")


def test_words_stay_while_the_other_acts(visit: Visits, ana: Partner, ben: Partner) -> None:
    phone = visit(ana)
    repair = at_hurt(ana, ben)
    phone.open(f"/repairs/{repair.pk}/")
    words = phone.field("What hurt me")
    words.press_sequentially("I felt left")
    act(repair, by=ben, kind=Kind.HURT, words="I felt pushed away.")
    phone.sees_sign("You have done 2 of 8 steps, Ben 3 of 8.")
    expect(words).to_have_value("I felt left")
    expect(words).to_be_focused()
    phone.page.keyboard.type(" alone.")
    expect(words).to_have_value("I felt left alone.")


def test_a_step_that_no_longer_fits_gives_the_words_back(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.excuse("status of 422")
    # Without the live line the phone does not hear that the two have done it face to face.
    phone.page.add_init_script("delete window.EventSource; delete window.line")
    repair = at_hurt(ana, ben)
    phone.open(f"/repairs/{repair.pk}/")
    phone.write("What hurt me", "I felt left alone.")
    for each in (ben, ana):
        act(repair, by=each, kind=Kind.IN_PERSON)
    phone.tap("This is what hurt")
    phone.sees("Things have moved on since this page was drawn.")
    phone.sees_heading("What was your part?")
    phone.tap("What you had written")
    phone.sees("I felt left alone.")


def test_without_words_the_step_asks_for_them_and_goes_no_further(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    phone = visit(ana)
    phone.excuse("status of 422")
    repair = at_hurt(ana, ben)
    phone.open(f"/repairs/{repair.pk}/")
    phone.tap("This is what hurt")
    phone.sees("There is nothing written here yet.")
    phone.write("What hurt me", "I felt left alone.")
    phone.tap("This is what hurt")
    phone.sees("Yours is there.")


def at_hurt(ana: Partner, ben: Partner) -> Repair:
    """Return a repair to which ben invited, at the stage where each writes what hurt."""
    repair = share_repair(by=ben)
    act(repair, by=ana, kind=Kind.NOW)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)
    return repair
