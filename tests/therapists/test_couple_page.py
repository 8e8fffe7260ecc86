"""What each of a couple shows their therapist: entries of the manual, and the page itself."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from couples.clock import database_now
from couples.models import Partner
from rituals.models import Measure
from tests.conftest import ClientOf
from tests.factories import fresh, weeks_before, write_manual
from tests.sheets import offer
from tests.therapists.factories import (
    consent,
    link_that_shows,
    link_with_consent,
    make_therapist,
    take,
)
from tests.therapists.pages import couple_page, show
from therapists.models import Closing, Reading, Scope, Therapist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_second_factor")]

MOST = 14
"""Queries of the page: the session, the desk, the link with both and what they share, the log; and
two savepoints that only a test has."""

HERS, PRIVATE, HIS = "ANAS-I-go-quiet", "ANAS-private-entry", "BENS-entry-for-the-partner"

# --- The manual ----------------------------------------------------------------------------------


def test_entries_shared_with_the_therapist_too_are_read_and_no_others(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    write_manual(by=ana, text=HERS, sharing="therapist")
    write_manual(by=ana, question="helps", text=PRIVATE)
    write_manual(by=ben, text=HIS, sharing="partner")
    shown = couple_page(client_of, lin, link_that_shows(lin, ana, ben))
    assert HERS in shown
    assert PRIVATE not in shown
    assert HIS not in shown


def test_without_both_consents_or_closed_by_anybody_nothing_is_read(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    write_manual(by=ana, text=HERS, sharing="therapist")
    made = link_that_shows(lin, ana, ben)
    Closing.make(link=made, by=lin, scope=Scope.MANUAL)
    assert HERS not in couple_page(client_of, lin, made)
    made.closings.get().withdraw(by=lin)
    assert HERS in couple_page(client_of, lin, made)
    fresh(ben).consents.get(scope=Scope.MANUAL).withdraw(by=fresh(ben))
    shown = couple_page(client_of, lin, made)
    assert HERS not in shown
    assert "not shared" in shown


def test_from_today_reaches_back_to_today(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    long_ago = write_manual(by=ana, text=HERS, sharing="therapist")
    type(long_ago).objects.update(written_at=database_now() - timedelta(days=40))
    write_manual(by=ana, question="helps", text="TODAYS-entry", sharing="therapist")
    made = link_that_shows(lin, ana, ben)
    fresh(ben).consents.get(scope=Scope.MANUAL).withdraw(by=fresh(ben))
    consent(made, ben, (Scope.MANUAL,), from_start=False)
    shown = couple_page(client_of, lin, made)
    assert HERS not in shown
    assert "TODAYS-entry" in shown


# --- The page ------------------------------------------------------------------------------------


def test_it_is_logged_for_both_and_somebody_elses_couple_is_missing(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made = link_that_shows(lin, ana, ben)
    assert couple_page(client_of, make_therapist(name="Dr. Ro"), made) == "404"
    assert not Reading.objects.exists()
    couple_page(client_of, lin, made)
    log = client_of(ben).get("/us/therapist/readings/").content.decode()
    assert "the page of the two of you" in log
    made.end(by=ben)
    assert couple_page(client_of, lin, made) == "404"


@pytest.mark.parametrize("log", ["note", "note_alone"])
def test_no_row_no_page(
    lin: Therapist,
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    log: str,
) -> None:
    def refuse(**_row: object) -> None:
        raise DatabaseError("the log cannot be written")

    made, mine = link_that_shows(lin, ana, ben), take(ana)
    show(client_of(ana), mine)
    monkeypatch.setattr(Reading, log, refuse)
    desk = client_of(lin.person)
    desk.raise_request_exception = False
    answer = desk.get(f"/practice/couples/{made.pk}/")
    assert answer.status_code == 500
    assert b"Ana" not in answer.content
    assert b"12 of 21" not in answer.content
    assert not Reading.objects.exists()


def test_it_asks_as_often_with_much_as_with_little(
    lin: Therapist,
    ana: Partner,
    ben: Partner,
    others: tuple[Partner, Partner],
    client_of: ClientOf,
) -> None:
    made, client = link_that_shows(lin, ana, ben), client_of(lin.person)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/practice/couples/{made.pk}/").status_code == 200
        return len(queries)

    show(client_of(ana), take(ana))
    write_manual(by=ana, text="x", sharing="therapist")
    little = asked()
    link_with_consent(lin, *others)
    for each in (ana, ben):
        for weeks in range(1, 6):
            then = weeks_before(each, 4 * (7 - weeks))
            key = uuid.uuid4()
            Measure.take(offer("csi-16"), [1] * 16, by=each, client_key=key, now=then)
        for question in ("helps", "worse", "home", "sorry"):
            write_manual(by=each, question=question, text="x", sharing="therapist")
    Measure.objects.update(shown_at=database_now())
    assert asked() == little <= MOST
