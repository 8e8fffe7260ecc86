"""The partners' pages: my own choices are mine to see, and what is shared is for all three."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from couples.clock import database_now
from couples.models import Couple, Partner
from tests.conftest import ClientOf
from tests.therapists.factories import accepted_link, consent, make_therapist, open_link
from tests.therapists.pages import without_tokens
from therapists.models import Acceptance, Closing, Scope, Therapist

PAGE = "/us/therapist/"
CONSENTS = "/us/therapist/consents/"
CHOICE = {"scopes": ["rhythm", "repairs"], "reach": "start"}
PAGES = (PAGE, CONSENTS, "/us/", "/us/therapist/readings/")


def bytes_of(client: Client, urls: tuple[str, ...] = PAGES) -> list[str]:
    """Return the pages without what differs from one drawing to the next."""
    shown = []
    for url in urls:
        text = without_tokens(client.get(url).content)
        shown.append(re.sub(r"<li class=\"notice[^\n]*", "", text))
    return shown


# --- No halves -----------------------------------------------------------------------------------


def test_my_acceptance_changes_not_a_byte_of_the_others_pages(
    ana: Partner, ben: Partner, freshly: ClientOf
) -> None:
    link = open_link(make_therapist(), ana)
    bens = freshly(ben)
    before = bytes_of(bens)
    Acceptance.give(link=link, by=ana)
    consent(link, ana, Scope.values)
    assert bytes_of(bens) == before


@pytest.mark.parametrize("from_start", [True, False])
def test_my_consent_alone_changes_not_a_byte_of_the_others_pages(
    from_start: bool, ana: Partner, ben: Partner, freshly: ClientOf
) -> None:
    link = accepted_link(make_therapist(), ana, ben)
    bens = freshly(ben)
    before = bytes_of(bens)
    consent(link, ana, Scope.values, from_start=from_start)
    assert bytes_of(bens) == before


def test_my_reach_changes_not_a_byte_of_the_others_pages(
    ana: Partner, ben: Partner, dr_lin: Therapist, freshly: ClientOf
) -> None:
    bens = freshly(ben)
    before = bytes_of(bens)
    consent(dr_lin.links.get(), ana, from_start=False)
    assert bytes_of(bens) == before


def test_however_a_scope_closes_the_other_sees_the_same_bytes(
    ana: Partner, ben: Partner, dr_lin: Therapist, freshly: ClientOf
) -> None:
    bens, link = freshly(ben), dr_lin.links.get()
    ana.consents.get(scope=Scope.RHYTHM).withdraw(by=ana)
    by_ana = bytes_of(bens)
    consent(link, ana)
    Closing.make(link=link, by=dr_lin, scope=Scope.RHYTHM)
    assert bytes_of(bens) == by_ana


def test_taking_everything_back_looks_like_everything_closed_by_the_therapist(
    ana: Partner, ben: Partner, dr_lin: Therapist, freshly: ClientOf
) -> None:
    bens, link = freshly(ben), dr_lin.links.get()
    for scope in Scope:
        Closing.make(link=link, by=dr_lin, scope=scope)
    closed = bytes_of(bens)
    for closing in link.closings.all():
        closing.withdraw(by=dr_lin)
    Acceptance.withdraw(link=link, by=ana)
    assert bytes_of(bens) == closed


def test_open_scopes_and_my_own_choices_are_there(
    ana: Partner, dr_lin: Therapist, client_of: ClientOf
) -> None:
    consent(dr_lin.links.get(), ana, [Scope.MANUAL], from_start=False)
    shown = client_of(ana).get(PAGE).content.decode()
    assert shown.count("</span> shared") == 2
    assert shown.count("not shared") == len(Scope) - 2
    assert shown.count("Yours: yes, from the start") == 2
    day = ana.couple.today(database_now())
    assert f"Yours: yes, from {day.day} {day:%B} on" in shown


# --- The verbs -----------------------------------------------------------------------------------


def test_consent_asks_for_a_fresh_sign_in_and_keeps_the_choice(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    accepted_link(make_therapist(), ana, ben)
    client = client_of(ana)
    response = client.post(CONSENTS, CHOICE)
    assert response["Location"] == "/accounts/reauthenticate/?next=%2Fus%2Ftherapist%2Fconsents%2F"
    assert not ana.consents.exists()
    answer = client.post(response["Location"], {"password": "say hi before anything"}, follow=True)
    assert answer.redirect_chain[-1][0] == CONSENTS
    assert answer.content.decode().count("checked") == 3
    assert not ana.consents.exists()
    assert client.post(CONSENTS, CHOICE)["Location"] == PAGE
    assert {c.scope for c in ana.consents.all()} == {Scope.RHYTHM, Scope.REPAIRS}


@pytest.mark.parametrize(
    "typed",
    [{}, {"scopes": ["rhythm"]}, {"reach": "start"}, {"scopes": ["all"], "reach": "start"}],
)
def test_an_incomplete_choice_is_asked_again_and_shares_nothing(
    typed: dict[str, object], ana: Partner, ben: Partner, freshly: ClientOf
) -> None:
    accepted_link(make_therapist(), ana, ben)
    response = freshly(ana).post(CONSENTS, typed)
    assert response.status_code == 422
    assert not ana.consents.exists()


def test_withdrawing_asks_for_nothing_first_and_twice_is_harmless(
    ana: Partner, dr_lin: Therapist, client_of: ClientOf
) -> None:
    client, mine = client_of(ana), ana.consents.get(scope=Scope.RHYTHM)
    for _tap in range(2):
        response = client.post(f"{CONSENTS}{mine.pk}/withdrawal/")
        assert response["Location"] == PAGE
    assert Scope.RHYTHM not in dr_lin.links.get().shared_now()


@pytest.mark.parametrize("whose", ["the other's", "a stranger's", "nobody's"])
def test_a_foreign_consent_is_missing(
    whose: str,
    ana: Partner,
    ben: Partner,
    others: tuple[Partner, Partner],
    dr_lin: Therapist,
    client_of: ClientOf,
) -> None:
    foreign = ben.consents.get(scope=Scope.RHYTHM).pk
    who = others[0] if whose == "a stranger's" else ana
    if whose == "nobody's":
        foreign = uuid.uuid4()
    response = client_of(who).post(f"{CONSENTS}{foreign}/withdrawal/")
    assert response.status_code == 404
    assert Scope.RHYTHM in dr_lin.links.get().shared_now()


@pytest.mark.parametrize("path", ["acceptance/", "acceptance/withdrawal/", "ending/"])
def test_without_a_link_a_verb_is_missing(path: str, ana: Partner, client_of: ClientOf) -> None:
    assert client_of(ana).post(PAGE + path).status_code == 404


@pytest.mark.parametrize("path", ["acceptance/", "acceptance/withdrawal/", "ending/", "consents/"])
def test_a_link_that_ended_meanwhile_says_so(
    path: str, ana: Partner, dr_ro: Therapist, client_of: ClientOf
) -> None:
    response = client_of(ana).post(PAGE + path, CHOICE, follow=True)
    assert response.redirect_chain[-1][0] == PAGE
    assert "link has ended" in response.content.decode()
    assert dr_ro.links.get().shared_now() == {}


def test_the_live_link_is_meant_even_after_others_have_ended(
    ana: Partner, dr_ro: Therapist, client_of: ClientOf
) -> None:
    link = open_link(make_therapist(), ana)
    client_of(ana).post(f"{PAGE}acceptance/")
    assert link.acceptances.filter(partner=ana).exists()


def test_a_scope_named_twice_is_one_yes(ana: Partner, ben: Partner, freshly: ClientOf) -> None:
    accepted_link(make_therapist(), ana, ben)
    freshly(ana).post(CONSENTS, {"scopes": ["rhythm", "rhythm"], "reach": "start"})
    assert ana.consents.count() == 1


@pytest.mark.parametrize("path", ["acceptance/", "acceptance/withdrawal/", "ending/"])
def test_a_verb_is_never_a_get(
    path: str, ana: Partner, dr_lin: Therapist, client_of: ClientOf
) -> None:
    assert client_of(ana).get(PAGE + path).status_code == 405
    assert dr_lin.links.get().shared_now()


def test_each_accepts_for_themselves(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    link = open_link(make_therapist(), ana)
    client_of(ana).post(f"{PAGE}acceptance/")
    assert [a.partner for a in link.acceptances.all()] == [ana]
    assert b"I accept this therapist" in client_of(ben).get(PAGE).content


def test_either_declines_alone_and_no_cause_is_shown(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    link = open_link(make_therapist(), ana)
    client_of(ben).post(f"{PAGE}ending/")
    link.refresh_from_db()
    assert link.ended_at is not None
    shown = client_of(ana).get(PAGE).content.decode()
    assert "No therapist is linked" in shown
    assert "Dr. Lin" not in shown


def test_an_outsider_finds_nothing_of_us(
    others: tuple[Partner, Partner], dr_lin: Therapist, client_of: ClientOf
) -> None:
    shown = client_of(others[0]).get(PAGE).content
    assert b"Dr. Lin" not in shown
    assert b"LMFT" not in shown


def test_the_page_asked_again_by_a_fragment_is_the_part_alone(
    ana: Partner, dr_lin: Therapist, client_of: ClientOf
) -> None:
    shown = client_of(ana).get(PAGE, headers={"HX-Request": "true"}).content
    assert shown.strip().startswith(b"<div")
    assert b"<html" not in shown


# --- On the wire ---------------------------------------------------------------------------------


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return what is published from here on, as the names of each event."""
    events: list[tuple[str, ...]] = []

    def note(_couple: Couple, *names: str) -> None:
        events.append(names)

    monkeypatch.setattr(Couple, "publish", note)
    return events


def test_no_choice_of_either_is_ever_on_the_wire(
    ana: Partner, ben: Partner, published: list[tuple[str, ...]]
) -> None:
    link = open_link(make_therapist(), ana)
    published.clear()
    Acceptance.give(link=link, by=ana)
    Acceptance.give(link=link, by=ben)
    consent(link, ana, Scope.values)
    consent(link, ana, Scope.values, from_start=False)
    ana.consents.get(scope=Scope.MANUAL, withdrawn_at=None).withdraw(by=ana)
    # Not even when a scope opens by the second yes, or closes again: its moment is a date.
    consent(link, ben, Scope.values)
    ben.consents.get(scope=Scope.RHYTHM, withdrawn_at=None).withdraw(by=ben)
    assert published == []


def test_opening_and_ending_are_told(ana: Partner, published: list[tuple[str, ...]]) -> None:
    link = open_link(make_therapist(), ana)
    link.end(by=ana)
    link.end(by=ana)
    assert published == [("today", "us")] * 2


@pytest.mark.parametrize("path", ["acceptance/", "ending/", "consents/"])
def test_an_answer_to_one_therapist_is_none_to_the_next(
    path: str, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    first = open_link(make_therapist(), ana)
    page = client_of(ana).get(PAGE).content.decode()
    drawn = dict(re.findall(r'name="(link)" value="([^"]+)"', page))
    first.end(by=ben)
    second = open_link(make_therapist(name="Dr. Ito"), ana)
    answer = client_of(ana).post(PAGE + path, {**CHOICE, **drawn}, follow=True)
    assert "link has ended" in answer.content.decode()
    second.refresh_from_db()
    assert second.ended_at is None
    assert not second.acceptances.exists()


def test_a_link_named_by_nonsense_is_missing(ana: Partner, client_of: ClientOf) -> None:
    open_link(make_therapist(), ana)
    for named in ("x", str(uuid.uuid4())):
        assert client_of(ana).post(f"{PAGE}acceptance/", {"link": named}).status_code == 404
