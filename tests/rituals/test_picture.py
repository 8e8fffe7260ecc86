"""The picture over time: the same weeks for all, mine always, the other's where both shared."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.days import week_of
from couples.models import Couple, Partner, Person
from pages.felt import charts
from repairs.models import Repair
from repairs.terms import Kind
from rituals.felt.page import goes_together
from rituals.felt.picture import BOTTOM, RIGHT, SPAN, TOP, Chart, Line, span_named
from rituals.felt.picture import drawn as place
from rituals.models import CoupleWeek, RestRange
from tests.conftest import ClientOf
from tests.factories import act, answer_week, fresh, share_repair, weeks_before

WEEK = timedelta(weeks=1)


def today(partner: Partner) -> date:
    return partner.couple.today(database_now())


def before(partner: Partner, weeks: int) -> date:
    return week_of(today(partner)) - weeks * WEEK


def together_for(*partners: Partner, weeks: int) -> tuple[Partner, ...]:
    """Let the two have been here for so many weeks, and return them as they are found then."""
    since = weeks_before(partners[0], weeks)
    partners[0].couple.partners.update(joined_at=since)
    return tuple(fresh(each) for each in partners)


def connect(partner: Partner, *, weeks_ago: int, days: int) -> None:
    week = before(partner, weeks_ago)
    CoupleWeek.objects.create(couple=partner.couple, week=week, connected_days=days)


def drawn(partner: Partner, *, weeks: int = SPAN) -> dict[str, list[Line]]:
    span = span_named("", today=today(partner), first=before(partner, weeks - 1))
    shown = charts(partner, span.weeks, today=today(partner))
    return {each.title: list(each.lines) for each in shown}


# --- Weeks -----------------------------------------------------------------------------------

MONDAY = date(2027, 1, 4)


def test_a_page_shows_twelve_weeks_and_the_way_to_the_others() -> None:
    span = span_named("", today=date(2027, 1, 6), first=date(2026, 3, 4))
    assert (span.weeks[0], span.last, len(span.weeks)) == (date(2026, 10, 19), MONDAY, 12)
    assert (span.earlier, span.later) == (date(2026, 10, 12), None)
    older = span_named("2026-10-12", today=date(2027, 1, 6), first=date(2026, 3, 4))
    assert (older.last, older.later) == (date(2026, 10, 12), MONDAY)


@pytest.mark.parametrize(
    "until", ["", "nothing", "0001-01-01", "9999-12-31", "2027-02-30", "2019-W01-1", "é", "9" * 99]
)
def test_any_address_shows_some_weeks(until: str) -> None:
    span = span_named(until, today=MONDAY, first=MONDAY - 3 * WEEK)
    assert span.weeks
    assert all(MONDAY - 3 * WEEK <= week <= MONDAY for week in span.weeks)


# --- Drawing ---------------------------------------------------------------------------------


def test_lines_are_open_where_a_week_is_missing() -> None:
    line = Line("x", [0, None, 3, 6], ["0", "–", "3", "6"])
    weeks = [MONDAY + number * WEEK for number in range(4)]
    only = place(weeks, [Chart("x", 6, [line])]).charts[0].lines[0]
    assert only.path.count("M") == 2
    assert only.path.count("L") == 1
    heights = [y for _x, y, _more in only.points]
    assert heights == [BOTTOM, (BOTTOM + TOP) // 2, TOP]
    assert only.points[-1][0] == RIGHT


def test_the_page_draws_what_the_table_says(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ana, ben = together_for(ana, ben, weeks=12)
    connect(ana, weeks_ago=2, days=4)
    answer_week(by=ana, answers=(1, 2, 3), weeks_ago=1)
    page = client_of(ana).get("/us/felt/").content.decode()
    for svg in re.findall(r"<svg class=\"chart.*?</svg>", page, re.DOTALL):
        ET.fromstring(svg)  # noqa: S314 - our own page
    assert "1 · 2 · 3" in page
    assert page.count('class="point-us"') == 11 + 0  # the weeks that are over
    assert page.count('class="point-a"') == 1
    assert "style=" not in page


def test_the_present_week_is_not_drawn_as_a_fall(ana: Partner, ben: Partner) -> None:
    ana, ben = together_for(ana, ben, weeks=4)
    connect(ana, weeks_ago=0, days=1)
    line = drawn(ana, weeks=4)["Days connected"][0]
    assert line.values[-1] is None
    assert line.cells[-1] == "1"
    assert line.values[:-1] == [0, 0, 0]


@pytest.mark.usefixtures("much_at_once")
def test_repairs_stand_in_the_week_in_which_they_were_mended(ana: Partner, ben: Partner) -> None:
    for weeks_ago in (1, 1, 3):
        repair = share_repair(by=ana)
        act(repair, by=ben, kind=Kind.NOW)
        Repair.objects.filter(pk=repair.pk).update(
            stage="mended", mended_on=before(ana, weeks_ago) + timedelta(days=6)
        )
    line = drawn(ana, weeks=4)["Came back to each other"][0]
    assert list(line.values) == [1, 0, 2, 0]


# --- Whose ------------------------------------------------------------------------------------


def test_the_others_line_is_there_where_both_have_shared(ana: Partner, ben: Partner) -> None:
    answer_week(by=ana, weeks_ago=1, shared=True)
    answer_week(by=ben, weeks_ago=1, answers=(0, 0, 3), shared=True)
    answer_week(by=ana, weeks_ago=2)
    answer_week(by=ben, weeks_ago=2, shared=True)
    answer_week(by=ben, weeks_ago=3, shared=True)
    answer_week(by=ana, weeks_ago=0, shared=True)
    answer_week(by=ben, weeks_ago=0)
    for me, other, seen in ((ana, "Ben", "0 · 0 · 3"), (ben, "Ana", "5 · 4 · 6")):
        mine, theirs = drawn(me, weeks=4)["How safe it felt"]
        assert (mine.name, theirs.name) == ("You", other)
        assert list(theirs.cells) == ["–", "–", seen, "–"]
    assert [each is None for each in drawn(ana, weeks=4)["How safe it felt"][0].values] == [
        *(True, False, False, False)
    ]


def test_without_a_shared_week_there_is_one_line(ana: Partner, ben: Partner) -> None:
    answer_week(by=ana)
    answer_week(by=ben, shared=True)
    assert [line.name for line in drawn(ana)["How safe it felt"]] == ["You"]


def test_nothing_is_added_up_for_either(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    for who in (ana, ben):
        answer_week(by=who, answers=(5, 5, 3), shared=True)
        answer_week(by=who, answers=(1, 2, 2), weeks_ago=1, shared=True)
    page = client_of(ana).get("/us/felt/").content.decode()
    for sum_or_mean in ("13", "4.3", "1.6", "1.7", "18", "9"):
        assert f">{sum_or_mean}<" not in page


def test_alone_the_page_stands(cleo: Person, client_of: ClientOf) -> None:
    alone = fresh(Couple.start(by=cleo, day_zone="UTC"))
    answer_week(by=alone)
    page = client_of(cleo).get("/us/felt/").content.decode()
    assert "How safe it felt" in page
    assert "5 · 4 · 6" in page


# --- One plain sentence -----------------------------------------------------------------------


def lived(me: Partner, weeks: int) -> None:
    """Connect more and feel safer from week to week."""
    for number in range(weeks):
        weeks_ago = weeks - number
        connect(me, weeks_ago=weeks_ago, days=min(number, 7))
        step = min(number, 6)
        answer_week(by=me, answers=(step, step, step), weeks_ago=weeks_ago)


def test_six_whole_weeks_are_needed(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    ana, ben = together_for(ana, ben, weeks=20)
    lived(ana, 5)
    answer_week(by=ana, answers=(6, 6, 6))  # the present week is not over
    assert goes_together(ana, today=today(ana)) is None
    connect(ana, weeks_ago=6, days=0)
    answer_week(by=ana, answers=(0, 0, 0), weeks_ago=6)
    found = goes_together(ana, today=today(ana))
    assert found is not None
    assert found.weeks == 6
    page = client_of(ana).get("/us/felt/").content.decode()
    assert "Over 6 weeks, you felt safer" in page
    assert "this does not prove that one causes the other" in page


def test_the_sentence_knows_nothing_of_the_others_answers(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    ana, ben = together_for(ana, ben, weeks=20)
    for weeks_ago in range(1, 9):
        answer_week(by=ben, weeks_ago=weeks_ago, shared=True)
    assert goes_together(ana, today=today(ana)) is None
    assert "weeks, " not in client_of(ana).get("/us/felt/").content.decode()


def test_weeks_of_rest_and_weeks_before_the_two_were_here_do_not_count(
    ana: Partner, ben: Partner
) -> None:
    ana, ben = together_for(ana, ben, weeks=7)
    lived(ana, 9)  # some of them lie before
    whole = 7 if today(ana).weekday() == 0 else 6
    found = goes_together(ana, today=today(ana))
    assert found is not None
    assert found.weeks == whole
    for weeks_ago in (1, 2):
        monday = before(ana, weeks_ago)
        RestRange.objects.create(
            couple=ana.couple, by=ana, first_day=monday, last_day=monday, made_at=database_now()
        )
    assert goes_together(ana, today=today(ana)) is None


def test_a_filled_history_costs_a_fixed_number_of_queries(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ana, ben = together_for(ana, ben, weeks=60)
    lived(ana, 58)
    for weeks_ago in range(50):
        answer_week(by=ben, weeks_ago=weeks_ago, shared=True)
    for each in ana.pulses.all():
        each.share(by=ana, revision=each.revision)
    client = client_of(ana)
    for url, most in (("/us/felt/", 13), ("/us/felt/weeks/", 6), ("/us/felt/pulse/", 5)):
        with django_assert_max_num_queries(most):
            client.get(url)
