"""Topics, on two phones."""

from __future__ import annotations

import pytest

from couples.models import Partner
from rituals.models import Topic
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_concern_goes_from_draft_to_dealt_with(visit: Visits, ana: Partner, ben: Partner) -> None:
    first, second = visit(ana), visit(ben)
    second.open("/")
    first.open("/topics/")
    first.tap("Write something down")
    first.choose("A concern")
    first.write("In your words", "The evenings at your brother's")
    first.tap("Keep it as a draft")
    first.sees("It is a promise, not a lock.")
    second.finds_nothing_of("brother")
    first.tap("Raise it with Ben")
    first.sees("It is with Ben.")
    second.page.get_by_text("Open anyway", exact=True).click()
    second.sees("A concern from Ana")
    second.tap("I heard it")
    second.sees("You have heard it.")
    first.sees("Ben has heard it.")
    second.write("May I talk about this with …?", "my brother himself")
    second.tap("Ask")
    first.sees("my brother himself")
    first.tap("Yes, do")
    second.sees("The promise has ended.")
    second.tap("We have dealt with this")
    first.sees("It closes when you say so too.")
    first.tap("We have dealt with this")
    for phone in (first, second):
        phone.sees("You have both dealt with this.")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_stands_in_the_field_is_what_the_other_reads(
    visit: Visits, ana: Partner, ben: Partner, scripts: bool
) -> None:
    draft = Topic.draft(by=ana, about="plan", words="You never ring")
    phone = visit(ana, scripts=scripts)
    phone.open(f"/topics/{draft.pk}/draft/")
    phone.write("In your words", "A call at six would help me")
    phone.tap("Raise it with Ben")
    phone.sees("It is with Ben.")
    phone.sees("A call at six would help me")
    other = visit(ben)
    other.open(f"/topics/{draft.pk}/")
    other.sees("A call at six would help me")
    other.finds_nothing_of("You never ring")
