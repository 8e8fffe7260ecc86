"""What each of a couple shows their therapist: entries of the manual, and results of a scale."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from couples.clock import database_now
from couples.models import Partner
from rituals.models import Measure
from tests.conftest import ClientOf
from tests.factories import fresh, write_manual
from tests.sheets import offer
from tests.therapists.factories import consent, invite, make_therapist
from therapists.models import Acceptance, Closing, Reading, Scope, Secrets, Therapist, TherapistLink

pytestmark = pytest.mark.django_db

HERS, PRIVATE, HIS = "ANAS-I-go-quiet", "ANAS-private-entry", "BENS-entry-for-the-partner"


@pytest.fixture
def lin() -> Therapist:
    return make_therapist(name="Dr. Lin")


@pytest.fixture(autouse=True)
def no_second_factor(settings: Settings) -> None:
    """As in a demo; the matrix asks for it."""
    settings.DEMO = True


def link(
    lin: Therapist, ana: Partner, ben: Partner, *, policy: str = Secrets.LIMITED
) -> TherapistLink:
    """Return a link to which both have consented for the manual and for how safe it feels."""
    made = invite(lin, secrets_policy=policy)
    made.open_to(by=ana)
    for each in (ana, ben):
        Acceptance.give(link=made, by=each)
        consent(made, each, (Scope.MANUAL, Scope.FELT_SECURITY))
    return TherapistLink.objects.get(pk=made.pk)


def take(by: Partner) -> Measure:
    """Return a result of somebody's own: 12 of 21."""
    return Measure.take(offer(), (3, 3, 3, 3), by=by, client_key=uuid.uuid4())


def page(client_of: ClientOf, lin: Therapist, made: TherapistLink) -> str:
    answer = client_of(lin.person).get(f"/practice/couples/{made.pk}/")
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def show(browser: Client, measure: Measure, verb: str = "showings") -> None:
    browser.post(f"/us/felt/{measure.pk}/{verb}/")


# --- The manual ----------------------------------------------------------------------------------


def test_entries_shared_with_the_therapist_too_are_read_and_no_others(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    write_manual(by=ana, text=HERS, sharing="therapist")
    write_manual(by=ana, question="helps", text=PRIVATE)
    write_manual(by=ben, text=HIS, sharing="partner")
    shown = page(client_of, lin, link(lin, ana, ben))
    assert HERS in shown
    assert PRIVATE not in shown
    assert HIS not in shown


def test_without_both_consents_or_closed_by_anybody_nothing_is_read(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    write_manual(by=ana, text=HERS, sharing="therapist")
    made = link(lin, ana, ben)
    Closing.make(link=made, by=lin, scope=Scope.MANUAL)
    assert HERS not in page(client_of, lin, made)
    made.closings.get().withdraw(by=lin)
    assert HERS in page(client_of, lin, made)
    fresh(ben).consents.get(scope=Scope.MANUAL).withdraw(by=fresh(ben))
    shown = page(client_of, lin, made)
    assert HERS not in shown
    assert "not shared" in shown


def test_from_today_reaches_back_to_today(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    long_ago = write_manual(by=ana, text=HERS, sharing="therapist")
    type(long_ago).objects.update(written_at=database_now() - timedelta(days=40))
    write_manual(by=ana, question="helps", text="TODAYS-entry", sharing="therapist")
    made = link(lin, ana, ben)
    fresh(ben).consents.get(scope=Scope.MANUAL).withdraw(by=fresh(ben))
    consent(made, ben, (Scope.MANUAL,), from_start=False)
    shown = page(client_of, lin, made)
    assert HERS not in shown
    assert "TODAYS-entry" in shown


# --- Results -------------------------------------------------------------------------------------


def test_a_result_is_read_once_it_is_shown_and_no_more_once_it_is_hidden(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine, hers = link(lin, ana, ben), take(ana), client_of(ana)
    assert "12 of 21" not in page(client_of, lin, made)
    assert "Show it to Dr. Lin" in hers.get("/us/felt/csi-4/").content.decode()
    for _tap in range(2):
        show(hers, mine)
    assert "12 of 21" in page(client_of, lin, made)
    show(hers, mine, "hidings")
    assert "12 of 21" not in page(client_of, lin, made)


def test_where_no_secrets_are_kept_results_stay_with_their_owner(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine = link(lin, ana, ben, policy=Secrets.NONE_KEPT), take(ana)
    hers = client_of(ana)
    shown = hers.get("/us/felt/csi-4/").content.decode()
    assert "keeps no secrets between you two" in shown
    assert "Show it to" not in shown
    show(hers, mine)
    assert Measure.objects.get().shown_at is None
    Measure.objects.update(shown_at=database_now())
    assert "12 of 21" not in page(client_of, lin, made)


def test_the_other_partner_sees_no_byte_of_it_and_the_reading_is_told_to_its_owner_alone(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine = link(lin, ana, ben), take(ana)
    paths = ("/", "/us/", "/us/felt/", "/us/felt/csi-4/", "/us/therapist/")
    page(client_of, lin, made)

    def his() -> list[str]:
        pages = [client_of(ben).get(path).content.decode() for path in paths]
        pages.append(client_of(ben).get("/us/therapist/readings/").content.decode())
        return [_steady(each) for each in pages]

    before = his()
    show(client_of(ana), mine)
    page(client_of, lin, made)
    assert his() == before
    log = client_of(ana).get("/us/therapist/readings/").content.decode()
    assert "results that you have shown" in log
    assert Reading.objects.filter(partner=ana).count() == 1


def test_nobody_shows_the_result_of_the_other(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    link(lin, ana, ben)
    mine = take(ana)
    assert client_of(ben).post(f"/us/felt/{mine.pk}/showings/").status_code == 404
    assert Measure.objects.get().shown_at is None


def test_what_was_shown_to_one_therapist_is_not_shown_to_the_next(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    first, mine = link(lin, ana, ben), take(ana)
    show(client_of(ana), mine)
    first.end(by=ben)
    ro = make_therapist(name="Dr. Ro")
    assert "12 of 21" not in page(client_of, ro, link(ro, ana, ben))


# --- The page ------------------------------------------------------------------------------------


def test_it_is_logged_for_both_and_somebody_elses_couple_is_missing(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made = link(lin, ana, ben)
    assert page(client_of, make_therapist(name="Dr. Ro"), made) == "404"
    assert not Reading.objects.exists()
    page(client_of, lin, made)
    log = client_of(ben).get("/us/therapist/readings/").content.decode()
    assert "the page of the two of you" in log
    made.end(by=ben)
    assert page(client_of, lin, made) == "404"


def test_it_asks_a_fixed_number_of_queries(
    lin: Therapist,
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made, client = link(lin, ana, ben), client_of(lin.person)
    for each in (ana, ben):
        show(client_of(each), take(each))
        for question in ("upset", "helps", "worse", "home"):
            write_manual(by=each, question=question, text="x", sharing="therapist")
    with django_assert_max_num_queries(18):
        client.get(f"/practice/couples/{made.pk}/")


def _steady(page: str) -> str:
    """Return a page without its tokens and keys."""
    lines = [line for line in page.splitlines() if "client_key" not in line]
    return "\n".join(line.split("csrf")[0] for line in lines)
