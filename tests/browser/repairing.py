"""What two people do in a repair, for the journeys of tests/browser/test_repairs.py."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from playwright.sync_api import expect

from couples.append_only import retention
from couples.models import Partner
from repairs.models import Repair, RepairAct
from repairs.terms import Kind
from tests.browser.visitor import Visitor
from tests.factories import act, share_repair

HAPPENED = "You left the party without me."
HURTS = ("I felt alone among your friends.", "I felt watched all evening.")
PARTS = ("I went silent for two days.", "I left and did not say a word.")
NEXT = "say that I want to go home"
BONDS = ("You are who I leave with.", "No party is worth this.")


def invite(first: Visitor, second: Visitor) -> None:
    """Write down what happened and share it at once; the other begins at once."""
    first.open("/repairs/")
    first.tap("I was hurt")
    first.write("What happened?", HAPPENED)
    first.choose("4")
    first.tap(f"None of that. Invite {second.name}")
    first.sees_heading("You asked")
    second.open("/")
    second.tap(f"{first.name} would like to come back to something")
    second.tap("Now is good")


def settle(*both: Visitor) -> None:
    """Each says that they are here."""
    for each in both:
        each.sees_heading("First, settle")
        each.tap("I am here")
    for each in both:
        each.sees_heading("What hurt?")


def write(label: str, button: str, **by: tuple[Visitor, str]) -> None:
    """Each writes into the field with this label, and says so."""
    for visitor, words in by.values():
        visitor.write(label, words)
        visitor.tap(button)


def hurt_and_heard(first: Visitor, second: Visitor) -> None:
    """Both were hurt; each says back what they heard, and each says that's it."""
    both = {"a": (first, HURTS[0]), "b": (second, HURTS[1])}
    write("What hurt me", "This is what hurt", **both)
    for each in (first, second):
        each.sees_heading("Say back what you heard")
    write("What I heard", "This is what I heard", a=(first, "watched"), b=(second, "alone"))
    for each in (first, second):
        each.tap("That's it")


def parts(first: Visitor, second: Visitor) -> None:
    """Each names their part and takes the other's in."""
    for visitor, words in ((first, PARTS[0]), (second, PARTS[1])):
        visitor.sees_heading("What was your part?")
        visitor.write("My part", words)
        visitor.write("Next time I will …", NEXT)
        visitor.tap("This was my part")
    for each in (first, second):
        each.sees_heading("Your two parts")
        each.tap("I can take that in")


def us(first: Visitor, second: Visitor) -> None:
    """Each says what they are to each other."""
    for visitor, words in ((first, BONDS[0]), (second, BONDS[1])):
        visitor.sees_heading("The two of you")
        visitor.write("What we are to me", words)
        visitor.tap("This is us")


def answer(first: Visitor, second: Visitor, *, says: tuple[str, str]) -> None:
    """Each answers whether they are safe again."""
    for visitor, words in zip((first, second), says, strict=True):
        expect(visitor.control(words).first).to_be_visible()
        visitor.tap(words)


def in_person(*both: Visitor, heading: str) -> None:
    """Each says that they did this one in person."""
    for each in both:
        each.sees_heading(heading)
        each.tap("We did this one in person")


def face_to_face(first: Visitor, second: Visitor) -> None:
    """Go from settling to the question face to face."""
    stages = ("First, settle", "What hurt?", "What was your part?", "The two of you")
    for heading in stages:
        in_person(first, second, heading=heading)


def mended(*both: Visitor) -> None:
    """Both see that it is mended."""
    for each in both:
        each.sees_heading("Mended")


def days_go_by(days: int) -> None:
    """Move all that has been done so far into the past; no verb can do that."""
    ago = timedelta(days=days)
    with retention():
        RepairAct.objects.update(day=F("day") - ago, done_at=F("done_at") - ago)
    Repair.objects.update(touched_at=F("touched_at") - ago, shared_on=F("shared_on") - ago)
    # A date that is not there stays so: NULL less some days is NULL.
    Repair.objects.update(mended_on=F("mended_on") - ago, asks_on=F("asks_on") - ago)


def at_hurt(ana: Partner, ben: Partner) -> Repair:
    """Return a repair at which both may write what hurt."""
    repair = share_repair(by=ana)
    for by, kind in ((ben, Kind.NOW), (ana, Kind.SETTLED), (ben, Kind.SETTLED)):
        act(repair, by=by, kind=kind)
    return repair


def at_safe(ana: Partner, ben: Partner) -> Repair:
    """Return a repair at which both are asked whether they are safe again."""
    repair = at_hurt(ana, ben)
    for _stage in range(3):
        for by in (ana, ben):
            act(repair, by=by, kind=Kind.IN_PERSON)
    return repair


def mended_lately(ana: Partner, ben: Partner) -> Repair:
    """Return a repair that was mended three days ago."""
    repair = at_safe(ana, ben)
    for by in (ana, ben):
        act(repair, by=by, kind=Kind.SAFE_YES)
    days_go_by(3)
    return repair
