"""A scope is open only while both stand; nobody sees the other's half."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from couples.clock import database_now
from couples.models import Partner
from tests.therapists.factories import (
    accepted_link,
    consent,
    link_with_consent,
    make_therapist,
    open_link,
)
from therapists.models import Acceptance, Closing, Consent, LinkRefused, Scope, Therapist

RHYTHM = [Scope.RHYTHM]


def test_one_consent_opens_nothing(ana: Partner, ben: Partner) -> None:
    link = accepted_link(make_therapist(), ana, ben)
    consent(link, ana, RHYTHM)
    assert link.shared_now() == {}


def test_both_consents_open_the_scope_and_no_other(ana: Partner, ben: Partner) -> None:
    link = accepted_link(make_therapist(), ana, ben)
    consent(link, ana, [Scope.RHYTHM, Scope.MANUAL])
    consent(link, ben, [Scope.RHYTHM, Scope.REPAIRS])
    assert set(link.shared_now()) == {Scope.RHYTHM}


def test_the_later_reach_holds(ana: Partner, ben: Partner) -> None:
    link = accepted_link(make_therapist(), ana, ben)
    now = database_now()
    consent(link, ana, RHYTHM, from_start=True)
    consent(link, ben, RHYTHM, from_start=False, now=now)
    assert link.shared_now() == {Scope.RHYTHM: ana.couple.today(now)}
    later = now + timedelta(days=5)
    consent(link, ana, RHYTHM, from_start=False, now=later)
    assert link.shared_now() == {Scope.RHYTHM: ana.couple.today(later)}


def test_the_same_yes_again_keeps_its_day(ana: Partner, ben: Partner) -> None:
    link = accepted_link(make_therapist(), ana, ben)
    now = database_now()
    consent(link, ana, RHYTHM, from_start=False, now=now)
    consent(link, ana, RHYTHM, from_start=False, now=now + timedelta(days=9))
    assert ana.consents.get().reaches_back_to == ana.couple.today(now)


def test_a_new_reach_is_a_new_row_and_the_old_one_stays_as_withdrawn(
    ana: Partner, ben: Partner
) -> None:
    link = accepted_link(make_therapist(), ana, ben)
    consent(link, ana, RHYTHM, from_start=False)
    consent(link, ana, RHYTHM, from_start=True)
    assert ana.consents.count() == 2
    assert ana.consents.get(withdrawn_at=None).reaches_back_to is None


def test_nothing_can_be_shared_before_accepting_the_therapist(ana: Partner, ben: Partner) -> None:
    link = open_link(make_therapist(), ana)
    with pytest.raises(LinkRefused):
        consent(link, ana, RHYTHM)


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_either_closes_a_scope_alone_at_once(
    who: str, ana: Partner, ben: Partner, dr_lin: Therapist
) -> None:
    me = {"ana": ana, "ben": ben}[who]
    link = dr_lin.links.get()
    me.consents.get(scope=Scope.RHYTHM).withdraw(by=me)
    assert set(link.shared_now()) == {Scope.REPAIRS}


def test_nobody_withdraws_for_the_other(ana: Partner, ben: Partner, dr_lin: Therapist) -> None:
    ana.consents.get(scope=Scope.RHYTHM).withdraw(by=ben)
    assert Scope.RHYTHM in dr_lin.links.get().shared_now()


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_taking_back_the_acceptance_takes_back_every_consent_of_ones_own(
    who: str, ana: Partner, ben: Partner, dr_lin: Therapist
) -> None:
    me, other = (ana, ben) if who == "ana" else (ben, ana)
    link = dr_lin.links.get()
    Acceptance.withdraw(link=link, by=me)
    assert link.shared_now() == {}
    assert not me.consents.filter(withdrawn_at=None).exists()
    assert other.consents.filter(withdrawn_at=None).count() == 2


def test_accepting_again_opens_nothing_by_itself(
    ana: Partner, ben: Partner, dr_lin: Therapist
) -> None:
    link = dr_lin.links.get()
    Acceptance.withdraw(link=link, by=ana)
    Acceptance.give(link=link, by=ana)
    assert link.shared_now() == {}


def test_the_therapist_closes_a_scope_alone_and_opens_it_again(
    ana: Partner, dr_lin: Therapist
) -> None:
    link = dr_lin.links.get()
    Closing.make(link=link, by=dr_lin, scope=Scope.RHYTHM)
    assert set(link.shared_now()) == {Scope.REPAIRS}
    link.closings.get().withdraw(by=dr_lin)
    assert set(link.shared_now()) == {Scope.RHYTHM, Scope.REPAIRS}


def test_another_therapist_closes_nothing(ana: Partner, dr_lin: Therapist) -> None:
    with pytest.raises(LinkRefused):
        Closing.make(link=dr_lin.links.get(), by=make_therapist(name="Dr. Un"), scope=Scope.RHYTHM)


def test_nothing_is_open_once_the_couple_has_ended(ana: Partner, dr_lin: Therapist) -> None:
    ana.couple.end()
    assert dr_lin.links.get().shared_now() == {}


def test_nothing_is_open_once_one_has_left(ana: Partner, dr_lin: Therapist) -> None:
    Partner.objects.filter(pk=ana.pk).update(ended_at=database_now())
    assert dr_lin.links.get().shared_now() == {}


def test_nothing_is_open_once_the_verification_is_withdrawn(
    ana: Partner, dr_lin: Therapist
) -> None:
    dr_lin.withdraw_verification()
    assert dr_lin.links.get().shared_now() == {}


def test_nothing_is_open_once_the_link_has_ended(dr_ro: Therapist) -> None:
    assert dr_ro.links.get().shared_now() == {}


def test_an_ended_link_takes_no_more_consents(ana: Partner, dr_ro: Therapist) -> None:
    with pytest.raises(LinkRefused):
        consent(dr_ro.links.get(), ana, RHYTHM)


def test_the_database_keeps_one_standing_consent_a_scope(ana: Partner, dr_lin: Therapist) -> None:
    first = ana.consents.get(scope=Scope.RHYTHM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            couple=ana.couple,
            link=first.link,
            partner=ana,
            scope=Scope.RHYTHM,
            given_at=database_now(),
        )


def test_another_couple_cannot_answer_for_us(
    others: tuple[Partner, Partner], dr_lin: Therapist
) -> None:
    link = dr_lin.links.get()
    for verb in (Acceptance.give, Acceptance.withdraw):
        with pytest.raises(LinkRefused):
            verb(link=link, by=others[0])


def test_two_couples_of_one_therapist_stay_apart(
    ana: Partner, others: tuple[Partner, Partner], dr_lin: Therapist
) -> None:
    theirs = link_with_consent(dr_lin, *others)
    ana.consents.get(scope=Scope.RHYTHM).withdraw(by=ana)
    assert Scope.RHYTHM in theirs.shared_now()


def test_consent_rows_keep_who_and_when(ana: Partner, dr_lin: Therapist) -> None:
    row = Consent.objects.get(partner=ana, scope=Scope.RHYTHM)
    assert (row.partner, row.withdrawn_at) == (ana, None)
    row.withdraw(by=ana)
    row.refresh_from_db()
    assert row.withdrawn_at is not None
