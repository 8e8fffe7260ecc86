"""The couple's day: where it begins, and what becomes of marks when that changes."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.models import Partner, Reminder
from rituals.models import Mark, MarkRefused, ReminderTime, RitualSchedule, keep_days
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of

BERLIN = ZoneInfo("Europe/Berlin")


def greet(partner: Partner, day: date, now: datetime) -> Mark:
    RitualSchedule.objects.update(valid_from=date(2026, 1, 1))
    return Mark.make(
        by=partner, ritual=greeting_of(partner), day=day, client_key=uuid.uuid4(), now=now
    )


def test_a_day_that_starts_at_eleven_takes_the_morning_to_the_day_before(ana: Partner) -> None:
    eight = datetime(2026, 12, 2, 8, tzinfo=BERLIN)
    keep_days(by=ana, zone="Europe/Berlin", day_start=time(11), now=eight)
    assert fresh(ana).couple.today(eight) == date(2026, 12, 1)
    with pytest.raises(MarkRefused, match="has not begun"):
        greet(fresh(ana), date(2026, 12, 2), eight)
    assert greet(fresh(ana), date(2026, 12, 1), eight).moment.date == date(2026, 12, 1)


def test_a_mark_keeps_its_date_when_the_day_begins_later(ana: Partner, ben: Partner) -> None:
    eight = datetime(2026, 12, 2, 8, tzinfo=BERLIN)
    made = greet(ana, date(2026, 12, 2), eight)
    keep_days(by=ben, zone="Europe/Berlin", day_start=time(11), now=eight)
    made.refresh_from_db()
    assert made.moment.date == date(2026, 12, 2)
    noon = eight + timedelta(hours=4)
    assert greet(fresh(ana), date(2026, 12, 2), noon) == made


def test_a_day_cut_short_by_a_zone_further_east_can_still_be_marked(ana: Partner) -> None:
    evening = datetime(2026, 12, 2, 20, tzinfo=UTC)
    keep_days(by=ana, zone="Pacific/Auckland", day_start=time(4), now=evening)
    partner = fresh(ana)
    assert partner.couple.today(evening) == date(2026, 12, 3)
    for day in (date(2026, 12, 2), date(2026, 12, 3)):
        assert greet(partner, day, evening).moment.date == day


def test_two_on_two_sides_of_the_date_line_mark_the_same_day(ana: Partner, ben: Partner) -> None:
    ana.keep_clock("Pacific/Apia", now=datetime(2026, 12, 1, tzinfo=UTC))
    ben.keep_clock("Pacific/Pago_Pago", now=datetime(2026, 12, 1, tzinfo=UTC))
    now = datetime(2026, 12, 2, 18, tzinfo=UTC)  # the 3rd in Apia, the 2nd in Pago Pago
    keep_days(by=ana, zone="Pacific/Apia", day_start=time(4), now=now)
    moments = {greet(fresh(who), fresh(who).couple.today(now), now).moment_id for who in (ana, ben)}
    assert len(moments) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=BERLIN), datetime(2026, 3, 29, 4, tzinfo=BERLIN)),
        (datetime(2026, 10, 24, 23, tzinfo=BERLIN), datetime(2026, 10, 25, 4, tzinfo=BERLIN)),
        (datetime(2028, 2, 28, 23, tzinfo=BERLIN), datetime(2028, 2, 29, 4, tzinfo=BERLIN)),
        (datetime(2028, 2, 29, 23, tzinfo=BERLIN), datetime(2028, 3, 1, 4, tzinfo=BERLIN)),
    ],
)
def test_the_night_of_a_clock_change_and_of_a_leap_day_is_one_step(
    ana: Partner, before: datetime, after: datetime
) -> None:
    couple = ana.couple
    a_minute = timedelta(minutes=1)
    still = (after.astimezone(UTC) - a_minute).astimezone(BERLIN)
    assert couple.today(still) == couple.today(before) == before.date()
    assert couple.today(after) == after.date() == before.date() + timedelta(days=1)


def test_reminders_follow_the_new_day(ana: Partner) -> None:
    noon = datetime(2026, 12, 2, 12, tzinfo=BERLIN)
    greet(ana, date(2026, 12, 2), noon)
    ReminderTime.keep(ritual=greeting_of(ana), by=ana, at=time(8), now=noon)
    hers = Reminder.objects.standing().filter(person=ana.person)
    standing = hers.values_list("occasion", flat=True)
    assert list(standing) == ["2026-12-03"]
    # By the new clock, 8 o'clock on the 3rd still belongs to the 2nd, which is marked.
    keep_days(by=ana, zone="Europe/Berlin", day_start=time(11), now=noon)
    assert list(standing.all()) == ["2026-12-04"]


def test_the_day_is_changed_on_its_page_for_both(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    posted = {"zone": "Asia/Tokyo", "day_start": "11:00"}
    assert client_of(ana).post("/rituals/days/", posted).status_code == 302
    assert "11 a.m." in client_of(ben).get("/rituals/").content.decode()
    wrong = {"zone": "Mars/Olympus", "day_start": "early"}
    page = client_of(ana).post("/rituals/days/", wrong)
    assert page.status_code == 422
    assert "Please give a time." in page.content.decode()


def test_my_own_practice_is_mine_alone_and_comes_page_by_page(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    now = datetime(2026, 12, 2, 12, tzinfo=UTC)
    for days_ago in range(35):
        then = now - timedelta(days=days_ago)
        greet(ana, then.date(), then)
    made = Mark.objects.filter(partner=ana).select_related("partner__person__key").latest("pk")
    made.line = "ANAS-LINE"
    made.save()
    client, url, seen = client_of(ana), "/me/practice/", []
    while url:
        with django_assert_max_num_queries(4):
            answer = client.get(url)
        seen += [mark.moment.date for mark in answer.context["page"].rows]
        after = answer.context["page"].after
        url = f"/me/practice/?after={after}" if after else ""
    assert seen == [now.date() - timedelta(days=n) for n in range(35)]
    assert "ANAS-LINE" not in client_of(ben).get("/me/practice/").content.decode()
