"""Coming back from a hurt on two real phones, in all the ways there are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from couples.models import Partner
from repairs.terms import Kind
from tests.browser import repairing
from tests.browser.conftest import Visits
from tests.browser.visitor import Visitor
from tests.factories import act, share_repair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAPS_OF_A_FULL_REPAIR, TAPS_FACE_TO_FACE, TAPS_OF_A_SMALL_ONE = 14, 9, 4

Two = tuple[Visitor, Visitor]


@pytest.fixture
def two(visit: Visits, ana: Partner, ben: Partner) -> Two:
    """Both with their phones in the hand."""
    return visit(ana), visit(ben)


def test_the_whole_way_at_once_takes_at_most_fourteen_taps(two: Two) -> None:
    repairing.invite(*two)
    repairing.settle(*two)
    repairing.hurt_and_heard(*two)
    repairing.parts(*two)
    repairing.us(*two)
    repairing.answer(*two, says=("Yes", "Yes"))
    repairing.mended(*two)
    for each in two:
        assert each.taps <= TAPS_OF_A_FULL_REPAIR
        for words in repairing.BONDS:
            each.sees(words)


def test_the_whole_way_hours_apart(visit: Visits, ana: Partner, ben: Partner) -> None:
    """Never are both looking: each opens it, does what is there to do, and closes the phone."""
    first = visit(ana)
    repair = share_repair(by=ana)
    url = f"/repairs/{repair.pk}/"

    def alone(who: Partner, *steps: tuple[str, str, str]) -> None:
        phone = visit(who)
        phone.open(url)
        for label, words, button in steps:
            if label:
                phone.write(label, words)
            phone.tap(button)
            phone.hears()
        phone.page.close()

    alone(ben, ("", "", "Now is good"), ("", "", "I am here"))
    alone(ana, ("", "", "I am here"), ("What hurt me", "alone", "This is what hurt"))
    alone(ben, ("", "", "Nothing of mine this time"), ("What I heard", "x", "This is what I heard"))
    alone(ana, ("", "", "That's it"), ("My part", "silent", "This was my part"))
    alone(ben, ("", "", "I had no part in this one"))
    repairing.days_go_by(3)
    alone(ben, ("", "", "I can take that in"), ("What we are to me", "home", "This is us"))
    alone(ana, ("What we are to me", "us", "This is us"), ("", "", "Yes"))
    alone(ben, ("", "", "Yes"))
    first.open(url)
    first.sees_heading("Mended")


def test_face_to_face_takes_at_most_nine_taps(two: Two) -> None:
    repairing.invite(*two)
    repairing.face_to_face(*two)
    repairing.answer(*two, says=("Yes", "Yes"))
    repairing.mended(*two)
    for each in two:
        assert each.taps <= TAPS_FACE_TO_FACE


def test_a_break_and_back(two: Two, ana: Partner, ben: Partner) -> None:
    first, second = two
    url = f"/repairs/{repairing.at_hurt(ana, ben).pk}/"
    for each in two:
        each.open(url)
    second.write("What hurt me", "I felt left")
    first.tap("Take a break")
    first.choose("in an hour", "Show Ben this time")
    first.tap("Take this break")
    first.sees_heading("Resting")
    first.sees("Ben sees this time.")
    second.sees("Ana is resting, and will be back")
    expect(second.field("What hurt me")).to_have_value("I felt left")
    first.tap("I'm here again")
    first.sees_heading("What hurt?")
    expect(second.page.locator("main").get_by_text("Ana is resting")).to_have_count(0)


def test_not_quite_yet_three_times_and_then_close_enough(
    two: Two, ana: Partner, ben: Partner
) -> None:
    first, second = two
    repair = repairing.at_hurt(ana, ben)
    act(repair, by=ana, kind=Kind.HURT, words="alone")
    act(repair, by=ben, kind=Kind.NO_HURT)
    for each in two:
        each.open(f"/repairs/{repair.pk}/")
    for tried in ("tired", "angry", "left out"):
        second.write("What I heard", tried)
        second.tap("This is what I heard")
        first.sees(tried)
        expect(first.control("Close enough for now")).to_have_count(0)
        first.tap("Not quite yet")
        second.sees("Not quite yet is an answer too.")
        second.sees(tried)  # what was said back is still there
    expect(first.control("Bring it to a session")).to_be_visible()
    first.tap("Close enough for now")
    for each in two:
        each.sees_heading("What was your part?")


def test_on_the_way_back_and_asked_again_the_next_day(two: Two, ana: Partner, ben: Partner) -> None:
    repair = repairing.at_safe(ana, ben)
    for each in two:
        each.open(f"/repairs/{repair.pk}/")
    repairing.answer(*two, says=("Yes", "Getting there"))
    for each in two:
        each.sees_heading("On the way back")
    expect(two[0].control("Yes")).to_be_hidden()
    repairing.days_go_by(1)
    for each in two:
        each.open(f"/repairs/{repair.pk}/")
    repairing.answer(*two, says=("Yes", "Yes"))
    repairing.mended(*two)


def test_not_yet_back_to_what_hurt_mended_and_held(two: Two, ana: Partner, ben: Partner) -> None:
    first, second = two
    repair = repairing.at_safe(ana, ben)
    url = f"/repairs/{repair.pk}/"
    for each in two:
        each.open(url)
    repairing.answer(*two, says=("Not yet", "Yes"))
    for each in two:
        each.sees_heading("Not yet")
    first.tap("Back to what hurt")
    for heading in ("What hurt?", "What was your part?", "The two of you"):
        repairing.in_person(first, second, heading=heading)
    repairing.answer(*two, says=("Yes", "Yes"))
    repairing.mended(*two)
    repairing.days_go_by(2)
    for each in two:
        each.open("/")
        each.tap("Does it hold?")
        each.tap("It holds")
    for each in two:
        each.open(url)
        each.sees_heading("Held")
        each.sees("They fade on")


def test_a_no_is_seen_by_its_author_alone(two: Two, ana: Partner, ben: Partner) -> None:
    first, second = two
    repair = repairing.mended_lately(ana, ben)
    for each in two:
        each.open(f"/repairs/{repair.pk}/")
    second.page.evaluate("window.line.changes = 0")
    first.tap("It does not, quite")
    first.sees("Nobody else knows.")
    second.page.wait_for_timeout(1500)
    assert second.page.evaluate("window.line.changes") == 0
    second.finds_nothing_of("Come back to it together", "It holds after all")
    first.tap("Come back to it together")
    for each in two:
        each.sees_heading("First, settle")


def test_how_much_it_hurt_is_asked_of_whoever_was_hurt(two: Two) -> None:
    first, _second = two
    first.open("/repairs/")
    first.tap("I hurt you")
    asked = first.page.get_by_text("How much did it hurt?")
    expect(asked).to_be_hidden()
    first.choose("I was hurt")
    expect(asked).to_be_visible()


def test_a_small_repair_takes_at_most_four_taps(two: Two) -> None:
    first, second = two
    first.open("/repairs/")
    second.open("/")
    first.tap("Something small")
    first.write("What it is about", "The dishes")
    first.page.keyboard.press("Enter")  # shares nothing: the form has a button for that
    first.write("My part", "I left them again.")
    first.field("What it is about").press("Enter")
    second.finds_nothing_of("Coming back from something small")
    first.tap("None of that. Begin with Ben")
    second.tap("Coming back from something small")
    second.sees("The dishes")
    second.finds_nothing_of("I left them again.")
    second.write("My part", "I rolled my eyes.")
    second.tap("This was my part")
    for each in two:
        each.sees_heading("The two of you")
    repairing.us(*two)
    repairing.answer(*two, says=("Yes", "Yes"))
    repairing.mended(*two)
    for each in two:
        assert each.taps <= TAPS_OF_A_SMALL_ONE


def test_a_part_sent_alone(two: Two) -> None:
    first, second = two
    second.open("/")
    first.open("/repairs/")
    first.tap("Send my part alone")
    first.write("My part", "I was short with you this morning.")
    first.tap("None of that. Send it to Ben")
    first.sees_heading("Sent")
    second.tap("Ana sent you their part")
    second.sees("I was short with you this morning.")
    second.sees("It asks for nothing")
    first.tap("Take back")
    first.tap("Unsay them")
    second.sees("unsaid")
    second.finds_nothing_of("I was short with you this morning.")
