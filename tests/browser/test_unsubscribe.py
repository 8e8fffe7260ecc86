"""Somebody ends one kind of reminder from a mail: by the link in it, and by their mail program."""

from __future__ import annotations

import urllib.parse
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from couples.clock import database_now
from couples.delivery import claim
from couples.delivery.models.preference import Way
from couples.models import Partner, Preference, Reminder
from rituals.days.occurrences import USEFUL
from tests.browser.conftest import Visits
from tests.browser.site import Site
from tests.factories import greeting_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(
    ana: Partner, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[object], site: Site
) -> str:
    """What List-Unsubscribe names in a reminder that Ana got, at the site of the test."""
    monkeypatch.setattr("rituals.days.reminders.RitualReminders.wanted", lambda *_, **__: True)
    now = database_now()
    Reminder.promise(
        person=ana.person,
        couple=ana.couple,
        kind="ritual",
        subject=greeting_of(ana).pk,
        occasion=now.date().isoformat(),
        due_at=now,
        useful_until=now + USEFUL,
    )
    claim.tick()
    [mail] = mailoutbox
    named = mail.extra_headers["List-Unsubscribe"].strip("<>")  # type: ignore[attr-defined]
    assert named in mail.body  # type: ignore[attr-defined]
    at = urlsplit(named)
    return f"{site.url}{at.path}?{at.query}"


def chosen(partner: Partner) -> dict[str, Way]:
    return Preference.of(partner.person)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_link_in_the_mail_asks_once_and_ends_it(
    visit: Visits, ana: Partner, address: str, *, scripts: bool
) -> None:
    reader = visit("Ana", scripts=scripts)  # nobody is signed in where the mail is read
    reader.open(address)
    assert chosen(ana) == {}  # a preview has opened it, and nothing has ended
    reader.page.get_by_role("button", name="Yes, no more of these").press("Enter")
    expect(reader.page.get_by_role("heading", name="No more of these", exact=True)).to_be_visible()
    assert chosen(ana) == {"ritual": Way.NONE}


def test_one_click_in_the_mail_program_ends_it(ana: Partner, address: str) -> None:
    click = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(address, data=click, timeout=20) as answer:  # noqa: S310
        assert answer.status == 200
    assert chosen(ana) == {"ritual": Way.NONE}
