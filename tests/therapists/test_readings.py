"""The read log: no row, no page; rows are only ever added; the couple sees them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from couples.append_only import retention
from couples.models import Partner
from tests.conftest import ClientOf
from tests.therapists.conftest import DeskOf
from tests.therapists.factories import link_with_consent
from tests.therapists.pages import page, today_of
from therapists.models import Reading, Therapist


def test_the_page_leaves_one_row_a_couple_and_day(
    ana: Partner, others: tuple[Partner, Partner], dr_lin: Therapist, desk_of: DeskOf
) -> None:
    link_with_consent(dr_lin, *others)
    desk = desk_of(dr_lin)
    page(desk)
    page(desk)
    assert Reading.objects.count() == 2
    row = ana.couple.readings.get()
    assert (row.therapist, row.what, row.day) == (dr_lin, "caseload", today_of(ana))


def test_no_row_no_page(
    dr_lin: Therapist, desk_of: DeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_row: object) -> None:
        raise DatabaseError("the log cannot be written")

    monkeypatch.setattr(Reading, "note", refuse)
    desk = desk_of(dr_lin)
    desk.raise_request_exception = False
    response = desk.get("/practice/")
    assert response.status_code == 500
    assert b"Ana" not in response.content


def test_the_read_log_is_append_only_in_the_database(dr_lin: Therapist, desk_of: DeskOf) -> None:
    page(desk_of(dr_lin))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reading.objects.update(day=date(2020, 1, 1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reading.objects.all().delete()
    assert Reading.objects.exists()


def test_retention_alone_may_pass_the_trigger(dr_lin: Therapist, desk_of: DeskOf) -> None:
    page(desk_of(dr_lin))
    with retention():
        Reading.objects.all().delete()
    assert not Reading.objects.exists()


def test_both_partners_see_who_read_what_on_which_day(
    ana: Partner, ben: Partner, dr_lin: Therapist, desk_of: DeskOf, client_of: ClientOf
) -> None:
    page(desk_of(dr_lin))
    for partner in (ana, ben):
        shown = client_of(partner).get("/us/therapist/readings/").content.decode()
        assert "Dr. Lin: the list of couples" in shown
        assert f"{today_of(ana):%Y}" in shown


def test_the_read_log_of_another_couple_is_not_ours(
    others: tuple[Partner, Partner], dr_lin: Therapist, desk_of: DeskOf, client_of: ClientOf
) -> None:
    page(desk_of(dr_lin))
    assert b"Dr. Lin" not in client_of(others[0]).get("/us/therapist/readings/").content
