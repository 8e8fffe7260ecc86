"""A ritual of one's own, the gate and the goodbye, on two phones."""

from __future__ import annotations

import pytest

from couples.models import Partner
from tests.browser.conftest import Visits
from tests.factories import put_ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_hi_comes_first_and_a_ritual_of_our_own_is_on_both_phones(
    visit: Visits, ana: Partner, ben: Partner
) -> None:
    put_ask(by=ben, what="A new sofa?")
    hers, his = visit(ana), visit(ben)
    his.open("/")
    hers.open("/")
    hers.sees("Say hi first.")
    hers.tap("I said hi")
    hers.sees("A new sofa?")
    hers.tap("We were apart")
    hers.sees("We were together")

    hers.open("/rituals/new/")
    hers.choose("In our own words")
    hers.write("In your own words", "Tea on the stairs")
    hers.tap("Add it")
    hers.sees("Ben sees an invitation, and may take it up or leave it.")
    his.page.get_by_text("Open anyway", exact=True).click()
    his.sees("Ana would like this for the two of you.")
    his.tap("Take it up")
    his.sees_heading("Tea on the stairs")

    hers.open("/rituals/meeting/")
    hers.write("When do you two meet again?", "Home by seven")
    hers.tap("Say it")
    his.sees("Home by seven")
    his.tap("I said hi")
    his.sees_sign("Both of you did this today.")
    his.open("/rituals/calendar/")
    his.sees("connected")
