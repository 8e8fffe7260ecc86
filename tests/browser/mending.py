"""Coming back from a hurt on two phones, stage by stage.

The words need no escaping, so that they stand in a page's HTML as they were typed.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

HAPPENED = "You looked at your phone while I was telling you about the interview."
HURT = "I felt alone on my own sofa."
ECHO = "You wanted me with you, and I was elsewhere."
PART_OF_FIRST = "I said nothing for two days and let you guess."
PART_OF_SECOND = "I picked up the phone because I was tired and wanted to be away."
US_OF_FIRST = "No evening is worth being far from you."
US_OF_SECOND = "You are the one I want to come home to."


def log(first: Visitor, second: Visitor) -> None:
    """Write a draft; the other's browser is sent nothing of it."""
    first.open("/repairs/")
    first.tap("I was hurt")
    first.write("What happened?", HAPPENED)
    first.choose("4")
    first.tap("Keep it as a draft")
    first.sees_heading("My draft")
    second.open("/repairs/")
    second.sees_heading("Nothing open between you")
    second.finds_nothing_of(HAPPENED, "My drafts")


def invite(first: Visitor, second: Visitor) -> None:
    """Share the draft; the other, without reloading, sees an invitation and nothing more."""
    first.tap(f"None of that. Invite {second.name}")
    first.sees_heading("You asked")
    second.tap(f"{first.name} would like to come back to something")
    second.sees_heading("“I'd like us to come back to something.”")
    second.finds_nothing_of(HAPPENED, "4 of 5")


def settle(first: Visitor, second: Visitor) -> None:
    """Begin now; what happened opens when both are here."""
    second.tap("Now is good")
    first.sees_heading("First, settle")
    first.tap("I am here")
    first.sees("Yours is there.")
    second.finds_nothing_of(HAPPENED, "4 of 5")
    second.tap("I am here")
    for each in (first, second):
        each.sees_heading("What hurt?")
        each.sees(HAPPENED)


def say_what_hurt(first: Visitor, second: Visitor) -> None:
    """One writes, the other has nothing of their own this time; then it is said back."""
    first.write("What hurt me", HURT)
    first.tap("This is what hurt")
    first.sees("Yours is there.")
    second.sees_heading("What hurt?")
    second.finds_nothing_of(HURT)
    second.tap("Nothing of mine this time")
    second.sees(HURT)
    second.write("What I heard", ECHO)
    second.tap("This is what I heard")
    first.sees(ECHO)
    first.tap("That's it")


def name_the_parts(first: Visitor, second: Visitor) -> None:
    """Each names their own part; both read both at the same moment, and take it in."""
    _both_write(
        (first, PART_OF_FIRST),
        (second, PART_OF_SECOND),
        heading="What was your part?",
        label="My part",
        button="This was my part",
    )
    for each in (first, second):
        each.sees_heading("Your two parts")
        each.tap("I can take that in")


def say_us(first: Visitor, second: Visitor) -> None:
    """Each says what the two are to them."""
    _both_write(
        (first, US_OF_FIRST),
        (second, US_OF_SECOND),
        heading="The two of you",
        label="What we are to me",
        button="This is us",
    )


def be_safe_again(first: Visitor, second: Visitor) -> None:
    """Two yes, each hidden until both are there, and it is mended on both phones."""
    first.sees_heading("Safe again?")
    first.tap("Yes")
    first.sees("Yours is there.")
    second.sees_heading("Safe again?")
    second.finds_nothing_of("Yours is there.")
    # Both answers stand as words of the two once they are there, and neither does before.
    expect(second.page.locator(".words").get_by_text("Yes", exact=True)).to_have_count(0)
    second.tap("Yes")
    for each in (first, second):
        each.sees_heading("Mended")
        each.sees(US_OF_FIRST)
        each.sees(US_OF_SECOND)


def _both_write(
    earlier: tuple[Visitor, str],
    later: tuple[Visitor, str],
    *,
    heading: str,
    label: str,
    button: str,
) -> None:
    """Both write; the later one is sent nothing of the earlier one's words before their own."""
    (first, words_of_first), (second, words_of_second) = earlier, later
    first.sees_heading(heading)
    first.write(label, words_of_first)
    first.tap(button)
    first.sees("Yours is there.")
    second.sees_heading(heading)
    second.finds_nothing_of(words_of_first)
    second.write(label, words_of_second)
    second.tap(button)
    for each in (first, second):
        each.sees(words_of_first)
        each.sees(words_of_second)
