"""Therapists, links and consents, made by the verbs that a click would call."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from couples.models import Partner, Person
from repairs.models import Repair
from rituals.models import Measure
from tests.factories import make_person, share_repair
from tests.sheets import offer
from therapists.models import (
    Acceptance,
    Consent,
    Scope,
    Secrets,
    Therapist,
    TherapistLink,
)

CASELOAD_SCOPES = (Scope.RHYTHM, Scope.REPAIRS)


def make_therapist(
    *, name: str = "Dr. Lin", person: Person | None = None, verified: bool = True
) -> Therapist:
    """Return a practice; verified by the operator unless said."""
    person = person or make_person(
        name=name, email=f"{name.rsplit(maxsplit=1)[-1].lower()}@practice.example"
    )
    practice = Therapist.apply(by=person, name=name, licence="LMFT 4711", place="Oregon")
    if verified:
        practice.verify()
    return practice


def invite(by: Therapist, *, secrets_policy: str = Secrets.NONE_KEPT) -> TherapistLink:
    """Return an open invitation."""
    return TherapistLink.invite(by=by, secrets_policy=secrets_policy)


def open_link(by: Therapist, partner: Partner) -> TherapistLink:
    """Return a link that a partner has brought before the couple; nobody has accepted."""
    link = invite(by)
    link.open_to(by=partner)
    return link


def accepted_link(by: Therapist, *partners: Partner) -> TherapistLink:
    """Return a link that these partners have accepted."""
    link = open_link(by, partners[0])
    for partner in partners:
        Acceptance.give(link=link, by=partner)
    return link


def consent(
    link: TherapistLink,
    partner: Partner,
    scopes: Iterable[str] = CASELOAD_SCOPES,
    *,
    from_start: bool = True,
    now: datetime | None = None,
) -> None:
    """Say yes for one partner."""
    Consent.give(link=link, by=partner, scopes=scopes, from_start=from_start, now=now)


def link_with_consent(by: Therapist, one: Partner, two: Partner) -> TherapistLink:
    """Return a link to which both have consented for what the caseload shows."""
    link = accepted_link(by, one, two)
    consent(link, one)
    consent(link, two)
    return link


def link_that_shows(
    by: Therapist, one: Partner, two: Partner, *, policy: str = Secrets.LIMITED
) -> TherapistLink:
    """Return a link to which both have consented for the manual and for how safe it feels."""
    link = invite(by, secrets_policy=policy)
    link.open_to(by=one)
    for each in (one, two):
        Acceptance.give(link=link, by=each)
        consent(link, each, (Scope.MANUAL, Scope.FELT_SECURITY))
    return TherapistLink.objects.get(pk=link.pk)


def take(by: Partner) -> Measure:
    """Return a result of somebody's own: 12 of 21."""
    return Measure.take(offer(), (3, 3, 3, 3), by=by, client_key=uuid.uuid4())


def hurt_since(day: date, *, by: Partner) -> Repair:
    """Return a shared repair that has been open since `day`."""
    repair = share_repair(by=by)
    Repair.objects.filter(pk=repair.pk).update(shared_on=day)
    return repair
