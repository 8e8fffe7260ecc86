"""The therapist's couples: what is shared and nothing else, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.models import Moment, RitualSchedule
from tests.factories import greeting_of, make_couple, make_person, mark, share_repair
from tests.therapists.conftest import DeskOf
from tests.therapists.factories import (
    accepted_link,
    consent,
    hurt_since,
    invite,
    link_with_consent,
    make_therapist,
    open_link,
)
from tests.therapists.pages import page, today_of, without_tokens
from therapists.models import Acceptance, Closing, Reading, Scope, Therapist

DAY = timedelta(days=1)


def together_since(couple: Couple, *, days: int) -> None:
    """Let the couple have paired and planned its rituals that many days ago."""
    long_ago = database_now() - timedelta(days=days)
    couple.partners.update(joined_at=long_ago)
    RitualSchedule.objects.filter(couple=couple).update(valid_from=long_ago.date() - DAY)


def connect(partner: Partner, days: Iterable[date]) -> None:
    """Close the greeting's circle on these days."""
    for day in days:
        Moment.objects.create(
            couple=partner.couple, ritual=greeting_of(partner), date=day, closed=True
        )


# --- Who is in it --------------------------------------------------------------------------------


def test_a_couple_is_nowhere_before_both_have_accepted(
    ana: Partner, ben: Partner, desk_of: DeskOf
) -> None:
    lin = make_therapist()
    desk = desk_of(lin)
    link = open_link(lin, ana)
    before = page(desk)
    assert "Ana" not in before
    Acceptance.give(link=link, by=ana)
    consent(link, ana, Scope.values)
    assert "Ana" not in page(desk)
    assert "Ben" not in page(desk)
    assert Reading.objects.count() == 0


def test_one_acceptance_changes_not_a_byte_of_the_therapists_pages(
    ana: Partner, desk_of: DeskOf
) -> None:
    lin = make_therapist()
    link = open_link(lin, ana)
    desk = desk_of(lin)
    urls = ["/practice/", "/practice/invitations/"]
    before = [without_tokens(desk.get(url).content) for url in urls]
    Acceptance.give(link=link, by=ana)
    consent(link, ana, Scope.values)
    assert [without_tokens(desk.get(url).content) for url in urls] == before


def test_an_opened_invitation_looks_to_the_therapist_like_one_not_opened(
    ana: Partner, desk_of: DeskOf
) -> None:
    lin = make_therapist()
    link = invite(lin)
    desk = desk_of(lin)
    before = without_tokens(desk.get("/practice/invitations/").content)
    link.open_to(by=ana)
    assert without_tokens(desk.get("/practice/invitations/").content) == before


def test_both_accepted_and_nothing_consented_shows_names_and_not_shared(
    ana: Partner, ben: Partner, desk_of: DeskOf
) -> None:
    lin = make_therapist()
    share_repair(by=ana)
    mark(by=ana)
    accepted_link(lin, ana, ben)
    shown = page(desk_of(lin))
    assert "Ana &amp; Ben" in shown
    assert shown.count("not shared") == 5
    assert ">today</td>" not in shown
    assert "since today" not in shown.replace("linked since today", "")


def test_what_both_share_is_there(
    ana: Partner, ben: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    share_repair(by=ana, happened="You slammed the door.")
    mark(by=ana)
    mark(by=ben)
    shown = page(desk_of(dr_lin))
    assert "1, since today" in shown
    assert "1 of 1" in shown
    assert ">today</td>" in shown
    assert "not shared" not in shown
    assert "slammed" not in shown


@pytest.mark.parametrize(
    ("scope", "gone", "stays"),
    [
        (Scope.RHYTHM, ">today</td>", "1, since today"),
        (Scope.REPAIRS, "1, since", ">today</td>"),
    ],
)
def test_a_withdrawn_scope_says_not_shared_and_holds_nothing_of_it(
    scope: Scope, gone: str, stays: str, ben: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    share_repair(by=ben)
    desk = desk_of(dr_lin)
    assert gone in page(desk)
    ben.consents.get(scope=scope).withdraw(by=ben)
    shown = page(desk)
    assert gone not in shown
    assert stays in shown
    assert "not shared" in shown


def test_no_byte_tells_who_closed_a_scope(
    ana: Partner, ben: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    desk = desk_of(dr_lin)
    link = dr_lin.links.get()
    seen = []
    for partner in (ana, ben):
        partner.consents.get(scope=Scope.RHYTHM, withdrawn_at=None).withdraw(by=partner)
        seen.append(without_tokens(desk.get("/practice/").content))
        consent(link, partner)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("how", ["acceptance", "link", "couple", "left"])
def test_a_couple_is_gone_after_one_has_withdrawn_or_left(
    how: str, ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    link = dr_lin.links.get()
    desk = desk_of(dr_lin)
    assert "Ana" in page(desk)
    if how == "acceptance":
        Acceptance.withdraw(link=link, by=ana)
    elif how == "link":
        link.end(by=ana)
    elif how == "couple":
        ana.couple.end()
    else:
        Partner.objects.filter(pk=ana.pk).update(ended_at=database_now())
    shown = page(desk)
    assert "Ana" not in shown
    assert "Ben" not in shown
    assert "No couple is linked yet" in shown


def test_a_revoked_therapist_sees_nothing(dr_ro: Therapist, desk_of: DeskOf) -> None:
    assert "Ana" not in page(desk_of(dr_ro))


def test_a_therapist_never_sees_the_couple_of_another(
    others: tuple[Partner, Partner], dr_lin: Therapist, desk_of: DeskOf
) -> None:
    link_with_consent(make_therapist(name="Dr. Un"), *others)
    shown = page(desk_of(dr_lin))
    assert "Kim" not in shown
    assert "Ana" in shown


def test_what_the_therapist_closed_is_not_shown_either(
    ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    Closing.make(link=dr_lin.links.get(), by=dr_lin, scope=Scope.RHYTHM)
    assert ">today</td>" not in page(desk_of(dr_lin))


# --- How far back --------------------------------------------------------------------------------


def test_days_before_the_reach_are_neither_counted_nor_drawn(
    ana: Partner, ben: Partner, desk_of: DeskOf
) -> None:
    today = today_of(ana)
    together_since(ana.couple, days=60)
    connect(ana, [today - DAY * n for n in range(1, 20)])
    Couple.objects.filter(pk=ana.couple_id).update(last_active_on=today - DAY)
    lin = make_therapist()
    link = accepted_link(lin, ana, ben)
    consent(link, ana, from_start=True)
    consent(link, ben, from_start=False)
    shown = page(desk_of(lin))
    assert "19 of" not in shown
    assert "none yet" in shown
    assert "nothing since today" in shown
    assert "day-connected" not in shown


def test_hurts_from_before_the_reach_are_not_counted(
    ana: Partner, ben: Partner, desk_of: DeskOf
) -> None:
    hurt_since(today_of(ana) - 5 * DAY, by=ana)
    lin = make_therapist()
    link = accepted_link(lin, ana, ben)
    consent(link, ana, from_start=False)
    consent(link, ben, from_start=True)
    shown = page(desk_of(lin))
    assert "A hurt has been open" not in shown
    assert ">none</td>" in shown


def test_from_the_start_counts_seven_and_twenty_eight_days(
    ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    today = today_of(ana)
    together_since(ana.couple, days=60)
    connect(ana, [today - DAY * n for n in (1, 2, 3, 10, 11, 40)])
    shown = page(desk_of(dr_lin))
    assert "3 of 6" in shown
    assert "5 of 27" in shown


# --- Need first ----------------------------------------------------------------------------------


def test_a_hurt_open_for_longer_than_three_days_comes_first_and_says_why(
    ana: Partner, others: tuple[Partner, Partner], dr_lin: Therapist, desk_of: DeskOf
) -> None:
    kim, _jo = others
    link_with_consent(dr_lin, *others)
    hurt_since(today_of(kim) - 4 * DAY, by=kim)
    hurt_since(today_of(ana) - 3 * DAY, by=ana)
    shown = page(desk_of(dr_lin))
    assert shown.index("Kim &amp; Jo") < shown.index("Ana &amp; Ben")
    assert "A hurt has been open for 4 days" in shown
    assert "open for 3 days" not in shown
    assert shown.count("row-first") == 1


def test_silence_is_said_as_silence(ana: Partner, dr_lin: Therapist, desk_of: DeskOf) -> None:
    together_since(ana.couple, days=60)
    Couple.objects.filter(pk=ana.couple_id).update(last_active_on=today_of(ana) - 9 * DAY)
    assert "Silent for 9 days" in page(desk_of(dr_lin))


def test_silence_stays_unsaid_where_the_rhythm_is_not_shared(
    ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    together_since(ana.couple, days=60)
    ana.consents.get(scope=Scope.RHYTHM).withdraw(by=ana)
    assert "Silent" not in page(desk_of(dr_lin))


# --- Queries --------------------------------------------------------------------


def test_twenty_couples_take_as_many_queries_as_one(
    ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    desk = desk_of(dr_lin)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page(desk)
    for number in range(19):
        names = (make_person(name=f"A{number}"), make_person(name=f"B{number}"))
        first, second = make_couple(first=names[0], second=names[1])
        link_with_consent(dr_lin, first, second)
        share_repair(by=first)
    with CaptureQueriesContext(connection) as twenty:
        shown = page(desk)
    assert "20 couples" in shown
    assert len(twenty) == len(one)
    assert len(one) <= 18
