"""A principle on two phones: proposed, signed by both, worded anew, and ended alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.factories import make_couple, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD = "We say hi before we say anything else."
NEW = "We say hi before anything."


def test_a_principle_from_proposal_to_a_changed_wording(visit: Visits) -> None:
    ana, ben = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
    hers, his = visit(ana), visit(ben)
    his.open("/us/principles/")
    his.sees_heading("Nothing agreed yet")

    hers.open("/us/principles/shelf/")
    hers.tap(OLD)
    hers.tap("Sign and propose it")
    hers.sees("Your name is there. It is open for the two of you.")

    his.tap(OLD)
    his.sees("Ana has signed. With your name it is in force.")
    his.tap("I sign this")
    for each in (his, hers):
        each.sees("In force until")

    his.tap("Propose other words")
    his.write("In one sentence", NEW)
    his.tap("Sign and propose it")
    hers.sees_heading(NEW)
    hers.sees_heading(OLD)
    hers.tap("I sign this")
    for each in (hers, his):
        expect(each.page.get_by_role("heading", name=OLD)).to_have_count(0)
        each.sees_sign("In force: both names stand.")
        each.finds_nothing_of(OLD)

    hers.tap("I no longer stand by this")
    hers.tap("Take it out of force")
    for each in (hers, his):
        each.sees("Not in force.")
        each.tap("Earlier wordings")
        each.sees(OLD)
        each.finds_nothing_of("Ana", "Ben")


def test_a_principle_without_scripts(visit: Visits) -> None:
    ana, ben = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
    hers, his = visit(ana, scripts=False), visit(ben, scripts=False)
    hers.open("/us/principles/new/")
    hers.write("In one sentence", "We share our passwords")
    hers.tap("Sign and propose it")
    hers.finds_nothing_of("Yours stay yours.")
    his.open("/us/")
    his.tap("We share our passwords.")
    his.sees("Yours stay yours.")
    his.tap("Not this one")
    his.sees_heading("Not in force")
