"""The operator's page in a browser: nothing on it meets the walls, at a desk or on a phone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from couples.clock import database_now
from couples.models import Delivery, Person, Reminder, Watch
from tests.browser.conftest import LAPTOP, PHONE, Visits
from tests.browser.test_without import fits
from tests.browser.visitor import Visitor
from tests.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)


@pytest.fixture
def olga(db: None) -> Person:
    """Somebody who runs the installation."""
    olga = make_person(name="Olga")
    Person.objects.filter(pk=olga.pk).update(is_staff=True)
    return olga


def lived(person: Person) -> Reminder:
    """Let there be some of everything; return a promise that failed."""
    now = database_now()
    Watch.objects.update_or_create(defaults={"seen_at": now})
    made = {
        outcome: Reminder.objects.create(
            person=person,
            kind="ritual",
            subject=uuid.uuid4(),
            occasion="2026-11-23",
            due_at=now - HOUR,
            useful_until=now + 24 * HOUR,
            settled_at=now if outcome else None,
            outcome=outcome,
        )
        for outcome in ("", "sent", "dropped", "lapsed", "ambiguous", "failed")
    }
    for attempt in range(1, 9):
        Delivery.objects.create(
            reminder=made["failed"],
            channel="email",
            attempt=attempt,
            stage="failed",
            fence=attempt,
            error="SMTPServerDisconnected",
            began_at=now - HOUR,
            ended_at=now - HOUR,
        )
    return made["failed"]


def test_an_operator_finds_what_failed_and_has_it_tried_again(visit: Visits, olga: Person) -> None:
    """One test, and not one for each screen: the site remembers the numbers of Django's content
    types, and emptying the tables between two tests gives out new ones.
    """
    failed = lived(make_person(name="Dora"))
    at_a_desk = visit(olga, screen=LAPTOP)
    look_around(at_a_desk, failed, "operator-desk")
    look_around(visit(olga, screen=LAPTOP, scheme="dark"), failed, "operator-desk-dark")
    look_around(visit(olga, screen=PHONE), failed, "operator-phone")
    look_around(visit(olga, screen=PHONE, scheme="dark"), failed, "operator-phone-dark")

    at_a_desk.open("/operator/couples/reminder/?state=failed")
    at_a_desk.page.locator("input.action-select").check()
    at_a_desk.page.locator("select[name=action]").select_option("try_again")
    at_a_desk.tap("Run")
    at_a_desk.sees("1 will be tried again")
    looked_at(at_a_desk, "operator-said")
    assert Reminder.objects.get(pk=failed.pk).outcome == ""


def look_around(operator: Visitor, failed: Reminder, shown: str) -> None:
    """Open every page there is."""
    operator.open("/operator/")
    operator.sees("The worker was last seen")
    looked_at(operator, f"{shown}-figures")
    operator.open("/operator/couples/reminder/?state=failed")
    operator.sees("SMTPServerDisconnected")
    looked_at(operator, f"{shown}-list")
    operator.open(f"/operator/couples/reminder/{failed.pk}/change/")
    operator.sees("SMTPServerDisconnected")
    looked_at(operator, f"{shown}-one")
    operator.open("/operator/couples/delivery/")
    looked_at(operator, f"{shown}-attempts")
    operator.open(f"/operator/couples/delivery/{failed.deliveries.all()[0].pk}/change/")
    looked_at(operator, f"{shown}-attempt")


def looked_at(operator: Visitor, name: str) -> None:
    """Keep the picture if asked for; nothing is wider than the screen."""
    operator.keep_picture(name)
    fits(operator)
