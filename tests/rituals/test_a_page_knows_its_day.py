"""A tap on a page of a day that is over says which day it was for, and today is offered."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.formats import date_format

from couples.clock import database_now
from couples.models import Partner
from rituals.models import Mark, RitualSchedule
from tests.conftest import ClientOf
from tests.factories import greeting_of, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(ana: Partner, ben: Partner) -> date:
    """The couple's, who have kept their rituals for some days."""
    today = ana.couple.today(database_now())
    RitualSchedule.objects.update(valid_from=today - timedelta(days=9))
    return today


def tapped(by: Partner, day: date, **more: str) -> tuple[str, dict[str, str]]:
    """Where a tap on the greeting's card of that day goes, and what it brings along."""
    fields = {"day": day.isoformat(), "client_key": str(uuid.uuid4()), **more}
    return f"/rituals/{greeting_of(by).pk}/marks/", fields


def named(day: date) -> str:
    return date_format(day, "l j F")


@pytest.mark.parametrize("days", [1, 2, 3])
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["whole page", "part"])
def test_a_tap_on_an_earlier_days_page_says_so_and_offers_today(
    ana: Partner, client_of: ClientOf, today: date, days: int, htmx: dict[str, str]
) -> None:
    day = today - timedelta(days=days)
    url, fields = tapped(ana, day)
    answer = client_of(ana).post(url, fields, headers=htmx, follow=True)
    page = answer.content.decode()
    assert f"Kept for {named(day)}. A new day has begun." in page
    assert Mark.objects.get().moment.date == day
    assert f'name="day" value="{today.isoformat()}"' in page
    assert "I said hi" in page
    assert named(today) in page  # the heading as well
    # It came twice: a phone that has heard of nothing sends it again.
    again = client_of(ana).post(url, fields, headers=htmx, follow=True)
    assert f"Kept for {named(day)}." in again.content.decode()
    assert Mark.objects.count() == 1


def test_a_tap_of_today_and_one_on_the_calendar_say_nothing(
    ana: Partner, client_of: ClientOf, today: date
) -> None:
    client = client_of(ana)
    here: dict[str, Any] = {"follow": True}
    url, fields = tapped(ana, today)
    assert "A new day has begun." not in client.post(url, fields, **here).content.decode()
    url, fields = tapped(ana, today - timedelta(days=1), back="calendar")
    assert "A new day has begun." not in client.post(url, fields, **here).content.decode()


def test_taking_back_and_changing_on_an_earlier_days_page_say_so_too(
    ana: Partner, client_of: ClientOf, today: date
) -> None:
    yesterday = today - timedelta(days=1)
    made = mark(by=ana, day=yesterday)
    client = client_of(ana)
    changed = client.post(f"/rituals/marks/{made.pk}/manner/", {"how": "apart"}, follow=True)
    assert f"Kept for {named(yesterday)}. A new day has begun." in changed.content.decode()
    gone = client.post(f"/rituals/marks/{made.pk}/taking-back/", follow=True)
    assert f"Taken back for {named(yesterday)}. A new day has begun." in gone.content.decode()


@pytest.fixture
def no_seconds_on_pages() -> None:
    """Here they count."""


def test_every_page_of_a_partner_knows_when_its_day_ends(
    ana: Partner, client_of: ClientOf, today: date
) -> None:
    ends = ana.couple.begins(today + timedelta(days=1))
    for path in ("/", "/us/", "/repairs/", "/asks/", "/rituals/calendar/", "/me/"):
        before = (ends - database_now()).total_seconds()
        page = client_of(ana).get(path).content.decode()
        left = int(page.split('data-day-left="')[1].split('"')[0])
        after = (ends - database_now()).total_seconds()
        assert after <= left <= before + 1
