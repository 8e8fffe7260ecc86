"""Choosing one's rituals: weekdays hold from a day on, and the past stays as it was."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.days import DAY
from couples.models import Partner, Reminder
from rituals.days.models.ritual import EVERY_DAY
from rituals.days.rhythm import Known, drawn
from rituals.days.wording import weekday_words
from rituals.models import (
    Mark,
    ReminderTime,
    Ritual,
    RitualRefused,
    RitualSchedule,
    add_ritual,
    choose_weekdays,
    end_ritual,
)
from tests.conftest import ClientOf
from tests.factories import greeting_of

NOON = datetime(2026, 12, 2, 11, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin
WEDNESDAY = date(2026, 12, 2)
MON, WED, FRI, SUN = 1, 4, 16, 64


def long_kept(partner: Partner) -> Ritual:
    """Return the greeting, planned every day since the year began."""
    RitualSchedule.objects.filter(couple=partner.couple).update(valid_from=date(2026, 1, 1))
    return greeting_of(partner)


def again(ritual: Ritual) -> Ritual:
    return Ritual.objects.with_weekdays().get(pk=ritual.pk)


def test_weekdays_changed_in_the_middle_of_a_week_leave_its_first_days_as_they_were(
    ana: Partner,
) -> None:
    greeting = long_kept(ana)
    choose_weekdays(greeting, by=ana, weekdays=MON | FRI, start=WEDNESDAY, now=NOON)
    week = [date(2026, 11, 30) + DAY * n for n in range(7)]
    planned = [again(greeting).planned_on(day) for day in week]
    assert planned == [True, True, False, False, True, False, False]


def test_the_later_choice_holds_and_what_was_to_begin_later_gives_way(ana: Partner) -> None:
    greeting = long_kept(ana)
    later = WEDNESDAY + 7 * DAY
    choose_weekdays(greeting, by=ana, weekdays=SUN, start=later, now=NOON)
    choose_weekdays(greeting, by=ana, weekdays=WED, start=WEDNESDAY, now=NOON)
    assert again(greeting).weekdays_on(later) == WED


@pytest.mark.parametrize("days", [-1, 400])
def test_the_past_and_the_far_future_are_not_planned(ana: Partner, days: int) -> None:
    with pytest.raises(RitualRefused):
        choose_weekdays(
            long_kept(ana), by=ana, weekdays=MON, start=WEDNESDAY + DAY * days, now=NOON
        )


@pytest.mark.parametrize("weekdays", [0, EVERY_DAY + 1])
def test_a_ritual_has_a_day(ana: Partner, weekdays: int) -> None:
    with pytest.raises(RitualRefused):
        choose_weekdays(long_kept(ana), by=ana, weekdays=weekdays, start=WEDNESDAY, now=NOON)


def test_a_ritual_let_go_leaves_its_days_open_or_connected_behind_it(ana: Partner) -> None:
    long_kept(ana)
    goodbye = ana.couple.rituals.get(kind="goodbye")
    end_ritual(goodbye, by=ana, now=NOON)
    end_ritual(goodbye, by=ana, now=NOON)
    since = WEDNESDAY - DAY
    days = drawn([again(goodbye)], Known(frozenset()), since=since, today=WEDNESDAY).days
    assert [(day.date, day.state) for day in days] == [(since, "open")]


def test_the_greeting_stays(ana: Partner) -> None:
    with pytest.raises(RitualRefused):
        end_ritual(greeting_of(ana), by=ana)


def test_a_ritual_in_own_words_is_sealed_and_added_once(ana: Partner, ben: Partner) -> None:
    for _tap in range(2):
        add_ritual(by=ana, kind="own", name="Tea on the stairs", weekdays=SUN)
    (own,) = ben.couple.rituals.filter(kind="own")
    assert own.name == "Tea on the stairs"
    assert [kept.weekdays for kept in own.schedules.all()] == [SUN]


@pytest.mark.usefixtures("much_at_once")
def test_twelve_are_enough(ana: Partner) -> None:
    for number in range(10):
        add_ritual(by=ana, kind="own", name=f"Walk {number}", weekdays=SUN)
    with pytest.raises(RitualRefused):
        add_ritual(by=ana, kind="own", name="One more", weekdays=SUN)


def test_reminders_of_both_follow_the_new_days(ana: Partner, ben: Partner) -> None:
    greeting = long_kept(ana)
    for partner in (ana, ben):
        ReminderTime.keep(ritual=greeting, by=partner, at=time(18, 30), now=NOON)
    choose_weekdays(greeting, by=ana, weekdays=FRI, start=WEDNESDAY, now=NOON)
    occasions = Reminder.objects.standing().values_list("person", "occasion")
    assert set(occasions) == {(p.person_id, "2026-12-04") for p in (ana, ben)}
    assert ReminderTime.objects.count() == 2


def test_a_mark_made_today_stands_when_today_is_planned_no_longer(ana: Partner) -> None:
    greeting = long_kept(ana)
    Mark.make(by=ana, ritual=greeting, day=WEDNESDAY, client_key=uuid.uuid4(), now=NOON)
    choose_weekdays(greeting, by=ana, weekdays=FRI, start=WEDNESDAY, now=NOON)
    assert Mark.objects.standing().count() == 1


@given(
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, EVERY_DAY)), max_size=6),
    asked=st.integers(0, 420),
)
def test_each_day_is_planned_by_the_latest_choice_before_it(
    changes: list[tuple[int, int]], asked: int
) -> None:
    """Whatever is chosen, and in a leap year: 2028 begins with a Saturday and has a 29 February."""
    first = date(2028, 1, 1)
    chosen = dict(sorted(changes))
    rows = [RitualSchedule(valid_from=first + DAY * d, weekdays=w) for d, w in chosen.items()]
    ritual = Ritual(kind="greeting")
    # As a prefetch leaves it, without a database.
    known = RitualSchedule.objects.none()
    known._result_cache = rows
    ritual._prefetched_objects_cache = {"schedules": known}  # type: ignore[attr-defined]
    day = first + DAY * asked
    latest = max((d for d in chosen if d <= asked), default=None)
    expected = latest is not None and bool(chosen[latest] & (1 << day.weekday()))
    assert ritual.planned_on(day) == expected


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [(127, "every day"), (31, "Monday to Friday"), (96, "at the weekend"), (64, "Sunday")],
)
def test_days_are_said_as_a_person_would(weekdays: int, words: str) -> None:
    assert weekday_words(weekdays) == words
    assert weekday_words(MON | FRI) == "Mon, Fri"


def test_a_ritual_is_added_and_changed_on_its_pages(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    anas, bens = client_of(ana), client_of(ben)
    added = {"kind": "own", "name": "Tea on the stairs", "weekdays": ["0", "2"]}
    assert anas.post("/rituals/new/", added).status_code == 302
    assert b"Tea on the stairs" in bens.get("/rituals/").content
    own = ana.couple.rituals.get(kind="own")
    bens.post(f"/rituals/{own.pk}/taking-up/")
    page = bens.get(f"/rituals/{own.pk}/").content.decode()
    assert "Now: Mon, Wed." in page
    tomorrow = (page.split('name="start" value="')[1]).split('"')[0]
    start = (date.fromisoformat(tomorrow) + timedelta(days=1)).isoformat()
    days = {"weekdays": ["6"], "start": start}
    assert bens.post(f"/rituals/{own.pk}/weekdays/", days).status_code == 302
    assert "Sunday" in anas.get(f"/rituals/{own.pk}/").content.decode()
    assert anas.post(f"/rituals/{own.pk}/ending/").status_code == 302
    assert b"Tea on the stairs" not in bens.get("/rituals/").content


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Please choose one of these."),
        ({"kind": "own", "weekdays": "1"}, "Please give it a name of your own."),
        ({"kind": "own", "name": "Tea"}, "Please choose at least one day."),
        ({"kind": "own", "name": "Tea", "weekdays": "9"}, "Please choose from the seven days."),
        ({"kind": "greeting", "weekdays": "1"}, "Please choose one of these."),
        (
            {"kind": "own", "name": "T" * 61, "weekdays": "1"},
            "room for 60 characters here; this has 61.",
        ),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    ana: Partner, client_of: ClientOf, posted: dict[str, str], said: str
) -> None:
    page = client_of(ana).post("/rituals/new/", posted)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert posted.get("name", "") in page.content.decode()


@pytest.mark.parametrize("start", ["", "tomorrow", "0001-01-01", "9999-12-31", "2027-02-29"])
def test_a_day_that_cannot_be_is_said_so(ana: Partner, client_of: ClientOf, start: str) -> None:
    url = f"/rituals/{greeting_of(ana).pk}/weekdays/"
    page = client_of(ana).post(url, {"weekdays": ["0"], "start": start})
    assert page.status_code == 422
    assert start in page.content.decode()


@pytest.mark.usefixtures("much_at_once")
def test_the_pages_ask_a_fixed_number_of_queries(
    ana: Partner, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    kept = [
        add_ritual(by=ana, kind="own", name=f"Ritual {number}", weekdays=EVERY_DAY)
        for number in range(8)
    ]
    for number, own in enumerate(kept):
        for weeks in range(1, 4):
            start = ana.couple.today(database_now()) + 7 * DAY * weeks
            choose_weekdays(own, by=ana, weekdays=number + 1, start=start)
        ReminderTime.keep(ritual=own, by=ana, at=time(18, 30))
    client = client_of(ana)
    for url in ("/rituals/", f"/rituals/{kept[-1].pk}/"):
        with django_assert_max_num_queries(5):
            assert "Ritual 7" in client.get(url).content.decode()
