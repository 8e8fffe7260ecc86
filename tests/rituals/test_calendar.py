"""The calendar: the past by months, and three days that can still be marked."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.days import DAY
from couples.models import Partner
from rituals.days.calendar import month_named, month_of
from rituals.models import Mark, Moment, RitualSchedule
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of, mark, rest


def here_since(partner: Partner, days: int) -> Partner:
    """Let the two have been here for so many days, and return the partner anew."""
    began = database_now() - timedelta(days=days)
    partner.couple.partners.update(joined_at=began)
    RitualSchedule.objects.update(valid_from=partner.couple.today(began))
    return fresh(partner)


def test_a_month_shows_connected_open_and_rest_and_never_whose_mark(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    here_since(ana, 20)
    today = ana.couple.today(database_now())
    mark(by=ben, day=today - 2 * DAY)
    for who in (ana, ben):
        mark(by=who, day=today - DAY)
    rest(by=ana, ahead=-3, days=1)
    seen = set()
    for back in (0, 1):
        shown = month_of(
            fresh(ana).couple,
            ana.couple.rituals.with_weekdays(),
            first=(today.replace(day=1) - DAY * back).replace(day=1),
            today=today,
        )
        seen |= {(c.date, c.state) for week in shown.weeks for c in week if c and c.state}
    days = dict(seen)
    assert [days[today - n * DAY] for n in range(5)] == [
        "today-open",
        "connected",
        "open",
        "rest",
        "open",
    ]
    pages = [client_of(who).get("/rituals/calendar/").content.decode() for who in (ana, ben)]
    grids = [page.split("<tbody>")[1].split("</tbody>")[0] for page in pages]
    assert grids[0] == grids[1]
    assert "Ben" not in pages[0]


@pytest.mark.parametrize(
    ("named", "first"),
    [
        ("2026-10", date(2026, 10, 1)),
        ("", date(2026, 11, 1)),
        ("2031-01", date(2026, 11, 1)),
        ("0001-01", date(1, 1, 1)),
        ("2026-13", date(2026, 11, 1)),
        ("9999-99", date(2026, 11, 1)),
        ("November", date(2026, 11, 1)),
    ],
)
def test_a_month_that_cannot_be_is_this_one(named: str, first: date) -> None:
    assert month_named(named, today=date(2026, 11, 23)) == first


def test_a_leap_february_has_its_day(ana: Partner, ben: Partner) -> None:
    ana.couple.partners.update(joined_at=datetime(2028, 1, 3, 12, tzinfo=UTC))
    RitualSchedule.objects.update(valid_from=date(2028, 1, 3))
    leap = date(2028, 2, 29)
    noon = datetime(2028, 3, 1, 12, tzinfo=UTC)
    for who in (ana, ben):
        Mark.make(by=who, ritual=greeting_of(ana), day=leap, client_key=uuid.uuid4(), now=noon)
    couple = fresh(ana).couple
    shown = month_of(
        couple, couple.rituals.with_weekdays(), first=date(2028, 2, 1), today=couple.today(noon)
    )
    cells = [cell for week in shown.weeks for cell in week if cell]
    assert (cells[-1].date, cells[-1].state) == (leap, "connected")


def test_what_was_done_in_the_last_three_days_is_added_and_taken_back(
    ana: Partner, client_of: ClientOf
) -> None:
    here_since(ana, 20)
    client, day = client_of(ana), ana.couple.today(database_now()) - 3 * DAY
    page = client.get("/rituals/calendar/").content.decode()
    assert page.count(f'value="{day}"') == 2
    assert f'value="{day - DAY}"' not in page
    posted = {"day": day.isoformat(), "client_key": str(uuid.uuid4()), "back": "calendar"}
    answer = client.post(f"/rituals/{greeting_of(ana).pk}/marks/", posted)
    assert answer.headers["Location"] == "/rituals/calendar/"
    made = Mark.objects.get()
    assert made.moment.date == day
    answer = client.post(f"/rituals/marks/{made.pk}/taking-back/", {"back": "calendar"})
    assert answer.headers["Location"] == "/rituals/calendar/"
    assert not Mark.objects.standing().exists()


def test_a_month_takes_as_many_queries_after_a_year_as_at_the_start(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(ana)
    with django_assert_num_queries(5):
        client.get("/rituals/calendar/")
    here_since(ana, 366)
    today = ana.couple.today(database_now())
    Moment.objects.bulk_create(
        Moment(couple=ana.couple, ritual=ritual, date=today - DAY * n, closed=bool(n % 3))
        for ritual in ana.couple.rituals.all()
        for n in range(366)
    )
    with django_assert_num_queries(5):
        client.get("/rituals/calendar/")


def test_a_mark_says_apart_with_one_tap_and_keeps_its_line(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, client = mark(by=ana), client_of(ana)
    posted = {"how": "in_person", "line": "With coffee"}
    assert client.post(f"/rituals/marks/{made.pk}/", posted).status_code == 302
    assert "With coffee" in client_of(ben).get("/").content.decode()
    client.post(f"/rituals/marks/{made.pk}/manner/", {"how": "apart"})
    made = Mark.objects.get()
    assert (made.how, made.line) == ("apart", "With coffee")
    assert "We were together" in client.get("/").content.decode()


def test_a_line_too_long_is_said_so_and_comes_back(ana: Partner, client_of: ClientOf) -> None:
    made = mark(by=ana)
    page = client_of(ana).post(f"/rituals/marks/{made.pk}/", {"how": "apart", "line": "o" * 201})
    assert page.status_code == 422
    assert "o" * 201 in page.content.decode()


def test_after_three_days_a_mark_stays_as_it_is(ana: Partner, client_of: ClientOf) -> None:
    made = mark(by=ana)
    Moment.objects.update(date=made.moment.date - 4 * DAY)
    client_of(ana).post(f"/rituals/marks/{made.pk}/", {"how": "apart", "line": "Late"})
    assert Mark.objects.get().line is None
