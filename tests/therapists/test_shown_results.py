"""Results of a scale that one partner shows the therapist: read by them, told to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from couples.clock import database_now
from couples.models import Couple, Partner
from rituals.models import Measure
from tests.conftest import ClientOf
from tests.factories import fresh
from tests.therapists.factories import consent, link_that_shows, make_therapist, take
from tests.therapists.pages import couple_page, show, today_of, without_tokens
from therapists.models import Acceptance, Closing, Reading, Scope, Secrets, Therapist
from therapists.models.reading import What

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_second_factor")]


def test_a_result_is_read_once_it_is_shown_and_no_more_once_it_is_hidden(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine, hers = link_that_shows(lin, ana, ben), take(ana), client_of(ana)
    assert "12 of 21" not in couple_page(client_of, lin, made)
    assert "Show it to Dr. Lin" in hers.get("/us/felt/csi-4/").content.decode()
    for _tap in range(2):
        show(hers, mine)
    assert "12 of 21" in couple_page(client_of, lin, made)
    show(hers, mine, "hidings")
    assert "12 of 21" not in couple_page(client_of, lin, made)


def test_a_result_is_read_while_both_share_how_safe_it_feels_and_nobody_has_closed_it(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine = link_that_shows(lin, ana, ben), take(ana)
    show(client_of(ana), mine)
    Closing.make(link=made, by=lin, scope=Scope.FELT_SECURITY)
    assert "12 of 21" not in couple_page(client_of, lin, made)
    made.closings.get().withdraw(by=lin)
    assert "12 of 21" in couple_page(client_of, lin, made)
    fresh(ben).consents.get(scope=Scope.FELT_SECURITY).withdraw(by=fresh(ben))
    shown = couple_page(client_of, lin, made)
    assert "12 of 21" not in shown
    assert shown.count("not shared") == 2  # one on each side: nobody's half shows
    Acceptance.withdraw(link=made, by=fresh(ben))
    assert couple_page(client_of, lin, made) == "404"


def test_a_result_from_before_the_later_of_two_days_is_not_read(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine = link_that_shows(lin, ana, ben), take(ana)
    show(client_of(ana), mine)
    fresh(ben).consents.get(scope=Scope.FELT_SECURITY).withdraw(by=fresh(ben))
    consent(made, ben, (Scope.FELT_SECURITY,), from_start=False)
    assert "12 of 21" in couple_page(client_of, lin, made)
    Measure.objects.update(taken_on=today_of(ana) - timedelta(days=1))
    assert "12 of 21" not in couple_page(client_of, lin, made)


def test_where_no_secrets_are_kept_results_stay_with_their_owner(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine = link_that_shows(lin, ana, ben, policy=Secrets.NONE_KEPT), take(ana)
    hers = client_of(ana)
    shown = hers.get("/us/felt/csi-4/").content.decode()
    assert "keeps no secrets between you two" in shown
    assert "Show it to" not in shown
    show(hers, mine)
    assert Measure.objects.get().shown_at is None
    Measure.objects.update(shown_at=database_now())
    assert "12 of 21" not in couple_page(client_of, lin, made)


def test_the_other_partner_sees_no_byte_of_it_and_the_reading_is_told_to_its_owner_alone(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    made, mine, theirs = link_that_shows(lin, ana, ben), take(ana), take(ben)
    show(client_of(ben), theirs)
    couple_page(client_of, lin, made)
    felt = ("us/felt/", "us/felt/csi-4/", "us/felt/weeks/", "us/felt/pulse/")
    log = ("us/therapist/", "us/therapist/readings/")

    def his() -> list[str]:
        browser = client_of(ben)
        paths = ("", "us/", "me/", *felt, *log)
        return [_steady(browser.get(f"/{path}").content) for path in paths]

    before = his()
    show(client_of(ana), mine)
    couple_page(client_of, lin, made)
    assert his() == before
    show(client_of(ana), mine, "hidings")
    couple_page(client_of, lin, made)
    assert his() == before
    told = client_of(ana).get("/us/therapist/readings/").content.decode()
    assert told.count("results that you have shown") == 1
    assert Reading.objects.filter(partner=ana).count() == 1


def test_nobody_is_told_at_once_either(
    lin: Therapist,
    ana: Partner,
    ben: Partner,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link_that_shows(lin, ana, ben)
    mine = take(ana)
    with django_capture_on_commit_callbacks() as told:
        mine.show(by=ana)
        mine.hide(by=ana)
    assert not told
    assert Couple.objects.get().last_active_on is None


def test_what_is_thrown_away_meanwhile_stays_gone(ana: Partner, ben: Partner) -> None:
    mine = take(ana)
    Measure.objects.get().throw_away()
    mine.show(by=ana)
    assert not Measure.objects.exists()


def test_nobody_shows_the_result_of_the_other(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    link_that_shows(lin, ana, ben)
    mine = take(ana)
    assert client_of(ben).post(f"/us/felt/{mine.pk}/showings/").status_code == 404
    mine.show(by=ben)
    assert Measure.objects.get().shown_at is None


def test_what_was_shown_to_one_therapist_is_not_shown_to_the_next(
    lin: Therapist, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    first, mine = link_that_shows(lin, ana, ben), take(ana)
    show(client_of(ana), mine)
    first.end(by=ben)
    ro = make_therapist(name="Dr. Ro")
    second = link_that_shows(ro, ana, ben)
    assert "12 of 21" not in couple_page(client_of, ro, second)
    own = client_of(ana).get("/us/felt/csi-4/").content.decode()
    assert "may read this one" not in own
    assert "Show it to Dr. Ro" in own
    show(client_of(ana), mine)
    assert "12 of 21" in couple_page(client_of, ro, second)


def test_what_is_shown_alone_cannot_be_logged_for_both(lin: Therapist, ana: Partner) -> None:
    for what, partner in ((What.RESULTS, None), (What.COUPLE, ana)):
        with pytest.raises(IntegrityError, match="results_are_read_for_one"), transaction.atomic():
            Reading.objects.create(
                couple=ana.couple, therapist=lin, what=what, day=today_of(ana), partner=partner
            )


def _steady(content: bytes) -> str:
    """Return a page without its tokens and the keys of its taps."""
    key = r'(name="client_key" value=)"[0-9a-f-]{36}"'
    return re.sub(key, r"\1", without_tokens(content))
