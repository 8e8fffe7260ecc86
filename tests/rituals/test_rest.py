"""Rest: days of the couple that do not count."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from couples.days import DAY
from couples.models import Partner, Reminder
from rituals.days.rhythm import rhythm
from rituals.models import (
    CoupleWeek,
    Mark,
    ReminderTime,
    RestRange,
    RestRefused,
    Ritual,
    RitualSchedule,
)
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of, rest

NOON = datetime(2026, 12, 2, 11, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin
WEDNESDAY = date(2026, 12, 2)


def long_kept(partner: Partner) -> Ritual:
    """Return the greeting of two who have been here since the year began."""
    RitualSchedule.objects.filter(couple=partner.couple).update(valid_from=date(2026, 1, 1))
    partner.couple.partners.update(joined_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    return greeting_of(partner)


def both_mark(ana: Partner, ben: Partner, day: date) -> None:
    for partner in (ana, ben):
        Mark.make(by=partner, ritual=greeting_of(ana), day=day, client_key=uuid.uuid4(), now=NOON)


def states(partner: Partner, *, span: int) -> list[str]:
    couple = fresh(partner).couple
    lately = rhythm(couple, couple.rituals.with_weekdays(), today=WEDNESDAY, span=span)
    return [day.state for day in lately.days]


def test_days_at_rest_do_not_count(ana: Partner, ben: Partner) -> None:
    long_kept(ana)
    both_mark(ana, ben, WEDNESDAY - DAY)
    RestRange.enter(by=ana, first=WEDNESDAY - 3 * DAY, last=WEDNESDAY - 2 * DAY, now=NOON)
    assert states(ana, span=5) == ["open", "rest", "rest", "connected", "today-open"]
    couple = fresh(ana).couple
    lately = rhythm(couple, couple.rituals.with_weekdays(), today=WEDNESDAY, span=5)
    assert (lately.connected, lately.counted) == (1, 2)


def test_the_week_is_counted_anew_when_a_rest_begins_and_ends(ana: Partner, ben: Partner) -> None:
    long_kept(ana)
    both_mark(ana, ben, WEDNESDAY)
    both_mark(ana, ben, WEDNESDAY - DAY)
    made = RestRange.enter(by=ben, first=WEDNESDAY, last=WEDNESDAY + DAY, now=NOON)
    assert CoupleWeek.objects.get().connected_days == 1
    made.end(by=ana, now=NOON)
    assert CoupleWeek.objects.get().connected_days == 2


def test_coming_back_early_keeps_the_days_that_were_rested(ana: Partner) -> None:
    made = RestRange.enter(by=ana, first=WEDNESDAY - 2 * DAY, last=WEDNESDAY + 9 * DAY, now=NOON)
    made.end(by=ana, now=NOON)
    made.end(by=ana, now=NOON)
    made.refresh_from_db()
    assert (made.first_day, made.last_day) == (WEDNESDAY - 2 * DAY, WEDNESDAY - DAY)


def test_two_rests_never_overlap_and_a_second_tap_is_one_rest(ana: Partner, ben: Partner) -> None:
    for _tap in range(2):
        RestRange.enter(by=ana, first=WEDNESDAY, last=WEDNESDAY + 3 * DAY, now=NOON)
    with pytest.raises(RestRefused):
        RestRange.enter(by=ben, first=WEDNESDAY + 3 * DAY, last=WEDNESDAY + 4 * DAY, now=NOON)
    assert RestRange.objects.count() == 1


def test_the_database_itself_refuses_days_twice(
    ana: Partner, others: tuple[Partner, Partner]
) -> None:
    days = {"first_day": WEDNESDAY, "last_day": WEDNESDAY + DAY, "made_at": NOON}
    RestRange.objects.create(couple=ana.couple, by=ana, **days)
    with pytest.raises(IntegrityError, match="rests_do_not_overlap"), transaction.atomic():
        RestRange.objects.create(couple=ana.couple, by=ana, **days)
    RestRange.objects.create(couple=others[0].couple, by=others[0], **days)
    RestRange.objects.create(couple=ana.couple, by=ana, called_off_at=NOON, **days)


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-4, 0), (400, 401), (0, 200)])
def test_days_that_cannot_be_rested_are_refused(ana: Partner, first: int, last: int) -> None:
    with pytest.raises(RestRefused):
        RestRange.enter(
            by=ana, first=WEDNESDAY + DAY * first, last=WEDNESDAY + DAY * last, now=NOON
        )


def test_nothing_reminds_during_a_rest_and_the_day_after_is_planned(ana: Partner) -> None:
    greeting = long_kept(ana)
    ReminderTime.keep(ritual=greeting, by=ana, at=time(18, 30), now=NOON)
    made = RestRange.enter(by=ana, first=WEDNESDAY, last=WEDNESDAY + 30 * DAY, now=NOON)
    hers = Reminder.objects.standing().filter(person=ana.person)
    standing = hers.values_list("occasion", flat=True)
    assert list(standing) == ["2027-01-02"]
    made.end(by=ana, now=NOON)
    assert list(standing.all()) == ["2026-12-02"]


def test_today_says_that_the_two_rest_and_a_circle_can_still_be_closed(
    ana: Partner, client_of: ClientOf
) -> None:
    made = rest(by=ana, ahead=0)
    client = client_of(ana)
    assert "You two rest until" in client.get("/").content.decode()
    assert "I said hi" in client.get("/").content.decode()
    assert client.post(f"/rituals/rest/{made.pk}/ending/").status_code == 302
    assert "You two rest until" not in client.get("/").content.decode()


def test_a_rest_is_entered_on_its_page_and_seen_by_both(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    posted = {"first": date.today().isoformat(), "last": "9999-12-31"}  # noqa: DTZ011 - any day
    page = client_of(ana).post("/rituals/rest/", posted)
    assert page.status_code == 422
    assert "9999-12-31" in page.content.decode()
    rest(by=ana)
    assert "Call it off" in client_of(ben).get("/rituals/rest/").content.decode()


def test_rests_are_shown_a_page_at_a_time_by_a_fixed_number_of_queries(
    ana: Partner, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    days = [WEDNESDAY - DAY * n for n in range(45)]
    RestRange.objects.bulk_create(
        RestRange(couple=ana.couple, by=ana, first_day=day, last_day=day, made_at=NOON)
        for day in days
    )
    client, url, seen = client_of(ana), "/rituals/rest/", []
    while url:
        with django_assert_max_num_queries(4):
            page = client.get(url).context["page"]
        seen += [row.first_day for row in page.rows]
        url = f"/rituals/rest/?after={page.after}" if page.after else ""
    assert seen == days
    assert client.get("/rituals/rest/?after=nonsense").status_code == 200
