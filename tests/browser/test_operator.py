"""The operator's page in a browser: nothing on it meets the walls, at a desk or on a phone."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Literal

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


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_meet_no_wall_and_fit_the_screen(
    visit: Visits, olga: Person, screen: Any, scheme: Literal["light", "dark"]
) -> None:
    failed = lived(make_person(name="Dora"))
    operator = visit(olga, screen=screen, scheme=scheme)
    shown = f"operator-{screen['width']}-{scheme}"
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


def test_an_operator_has_what_failed_tried_again(visit: Visits, olga: Person) -> None:
    """The one test that does so here: the site remembers the numbers of Django's content types,
    and emptying the tables after a test gives out new ones.
    """
    failed = lived(make_person(name="Dora"))
    operator = visit(olga, screen=LAPTOP)
    operator.open("/operator/couples/reminder/?state=failed")
    operator.page.locator("input.action-select").check()
    operator.page.locator("select[name=action]").select_option("try_again")
    operator.tap("Run")
    operator.sees("1 will be tried again")
    looked_at(operator, "operator-said")
    assert Reminder.objects.get(pk=failed.pk).outcome == ""


def looked_at(operator: Visitor, name: str) -> None:
    """Keep the picture if asked for; nothing is wider than the screen."""
    operator.keep_picture(name)
    fits(operator)
