"""Who may enter the therapist's side: verified, with a second factor, and to their own couples."""

from __future__ import annotations

import uuid

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from pytest_django import Settings

from couples.models import Partner, Person
from tests.conftest import ClientOf
from tests.factories import PASSWORD
from tests.therapists.conftest import DeskOf
from tests.therapists.factories import invite, make_therapist, open_link
from therapists.access import home
from therapists.models import Therapist, TherapistLink
from therapists.urls import urlpatterns

APPLICATION = "/practice/application/"
DESK = ("/practice/", "/practice/invitations/")
WANTED = {"name": "Lin", "licence": "LMFT 1", "place": "Oregon", "professional": "on"}


def test_every_view_declares_its_gate() -> None:
    assert all(getattr(pattern.callback, "gate", None) for pattern in urlpatterns)


@pytest.mark.parametrize("url", [*DESK, APPLICATION, "/us/therapist/"])
def test_who_is_not_signed_in_is_sent_to_sign_in(url: str, db: None) -> None:
    response = Client().get(url)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("url", DESK)
def test_who_has_no_practice_is_sent_to_ask_for_one(
    url: str, ana: Partner, client_of: ClientOf
) -> None:
    response = client_of(ana).get(url)
    assert (response.status_code, response["Location"]) == (302, APPLICATION)


@pytest.mark.parametrize("url", DESK)
def test_an_unverified_therapist_sees_how_it_stands_and_no_more(url: str, desk_of: DeskOf) -> None:
    desk = desk_of(make_therapist(verified=False))
    response = desk.get(url)
    assert (response.status_code, response["Location"]) == (302, APPLICATION)
    assert b"Waiting to be verified" in desk.get(APPLICATION).content
    made = {"secrets_policy": "none_kept", "seen_each_alone": "on"}
    assert desk.post("/practice/invitations/", made)["Location"] == APPLICATION
    assert not TherapistLink.objects.exists()


def test_a_verification_that_is_withdrawn_closes_the_desk(
    dr_lin: Therapist, desk_of: DeskOf
) -> None:
    desk = desk_of(dr_lin)
    dr_lin.withdraw_verification()
    response = desk.get("/practice/")
    assert response["Location"] == APPLICATION
    assert b"Ana" not in response.content


@pytest.mark.parametrize("url", DESK)
def test_without_a_second_factor_the_way_leads_to_setting_one_up(
    url: str, dr_lin: Therapist, client_of: ClientOf
) -> None:
    response = client_of(dr_lin.person).get(url, follow=True)
    assert response.redirect_chain[0][0] == "/accounts/2fa/"
    assert b"set up a second factor" in response.content
    assert b"Ana" not in response.content


@pytest.mark.parametrize("url", DESK)
def test_a_second_factor_that_this_session_has_not_shown_is_asked_for(
    url: str, dr_lin: Therapist, client_of: ClientOf
) -> None:
    TOTP.activate(dr_lin.person, generate_totp_secret())
    response = client_of(dr_lin.person).get(url)
    assert response["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fpractice%2F"


def test_a_code_from_the_authenticator_opens_the_desk(
    dr_lin: Therapist, client_of: ClientOf
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(dr_lin.person, secret)
    client = client_of(dr_lin.person)
    asked = client.get("/practice/")["Location"]
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    response = client.post(asked, {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == "/practice/"
    assert b"Ana &amp; Ben" in response.content


def test_the_password_again_is_no_second_factor(dr_lin: Therapist, client_of: ClientOf) -> None:
    TOTP.activate(dr_lin.person, generate_totp_secret())
    client = client_of(dr_lin.person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/practice/").status_code == 302


def test_a_demo_needs_no_second_factor_and_says_so(
    dr_lin: Therapist, client_of: ClientOf, settings: Settings
) -> None:
    settings.DEMO = True
    shown = client_of(dr_lin.person).get("/practice/").content.decode()
    assert "This is a demo: a therapist needs no second factor here." in shown


@pytest.mark.parametrize("url", [*DESK, APPLICATION])
def test_each_desk_page_says_that_nobody_watches_for_emergencies(
    url: str, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    shown = desk_of(dr_lin).get(url).content.decode()
    assert "Nobody watches this app for emergencies. In a crisis: 988 (US)." in shown
    assert "This is a demo" not in shown


def test_the_operator_of_the_machine_has_no_way_in(dr_lin: Therapist, client_of: ClientOf) -> None:
    staff = Person.objects.create_superuser("op@example.com", PASSWORD)
    for url in DESK:
        assert client_of(staff).get(url)["Location"] == APPLICATION


def test_a_fragment_request_is_sent_as_a_whole_page(cleo: Person, client_of: ClientOf) -> None:
    response = client_of(cleo).get("/practice/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == APPLICATION


def test_home_of_a_therapist_is_the_desk_and_of_nobody_else(
    dr_lin: Therapist, cleo: Person, client_of: ClientOf
) -> None:
    def asked_by(person: Person) -> str | None:
        response = client_of(person).get(APPLICATION)
        return home(response.wsgi_request)  # type: ignore[arg-type]

    assert asked_by(dr_lin.person) == "/practice/"
    assert asked_by(cleo) is None


# --- The application ------------------------------------------------------------------------------


def test_asking_for_an_account_makes_an_unverified_practice(
    cleo: Person, client_of: ClientOf
) -> None:
    client = client_of(cleo)
    assert client.post(APPLICATION, WANTED).status_code == 302
    practice = Therapist.objects.select_related("person").get()
    assert practice.verified_at is None
    assert (practice.name, practice.licence, practice.place) == ("Lin", "LMFT 1", "Oregon")
    assert b"LMFT 1" in client.get(APPLICATION).content


@pytest.mark.parametrize("field", list(WANTED))
def test_a_missing_answer_is_asked_for_and_the_others_are_kept(
    field: str, cleo: Person, client_of: ClientOf
) -> None:
    typed = {**WANTED, field: ""}
    response = client_of(cleo).post(APPLICATION, typed)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "Please" in shown
    for name in {"licence", "place"} - {field}:
        assert f'value="{WANTED[name]}"' in shown
    assert not Therapist.objects.exists()


@pytest.mark.parametrize("typed", ["x" * 10_000, "a\x00b", "<script>alert(1)</script>"])
def test_odd_input_is_refused_or_kept_harmless(
    typed: str, cleo: Person, client_of: ClientOf
) -> None:
    client = client_of(cleo)
    response = client.post(APPLICATION, {**WANTED, "licence": typed}, follow=True)
    assert response.status_code in {200, 422}
    assert b"<script>alert" not in response.content


# --- Invitations ----------------------------------------------------------------------------------


def test_an_invitation_needs_the_affirmation_and_a_policy(
    dr_lin: Therapist, desk_of: DeskOf
) -> None:
    desk = desk_of(dr_lin)
    for typed in (
        {"secrets_policy": "limited"},
        {"seen_each_alone": "on"},
        {"secrets_policy": "x"},
    ):
        assert desk.post("/practice/invitations/", typed).status_code == 422
    assert dr_lin.links.count() == 1


def test_an_invitation_can_be_made_shown_again_and_taken_back(
    desk_of: DeskOf, ana: Partner
) -> None:
    lin = make_therapist()
    desk = desk_of(lin)
    made = {"secrets_policy": "limited", "seen_each_alone": "on"}
    shown = desk.post("/practice/invitations/", made, follow=True).content.decode()
    link = lin.links.get()
    assert f"/us/therapist/invitation/{link.token}/" in shown
    shown = desk.post(f"/practice/invitations/{link.pk}/ending/", follow=True).content.decode()
    assert link.token not in shown


@pytest.mark.parametrize("whose", ["another", "nobody", "linked"])
def test_a_foreign_invitation_is_missing(
    whose: str, ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    foreign = {
        "another": invite(make_therapist(name="Dr. Un")).pk,
        "nobody": uuid.uuid4(),
        "linked": dr_lin.links.get().pk,
    }[whose]
    response = desk_of(dr_lin).post(f"/practice/invitations/{foreign}/ending/")
    assert response.status_code == 404
    assert not TherapistLink.objects.exclude(ended_at=None).exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_previews_of_an_invitation_change_nothing(
    method: str, ana: Partner, client_of: ClientOf
) -> None:
    link = invite(make_therapist())
    url = f"/us/therapist/invitation/{link.token}/"
    for client in (client_of(ana), Client()):
        getattr(client, method)(url)
    link.refresh_from_db()
    assert link.couple is None
    assert link.opened_at is None


def test_the_invitation_says_who_where_and_the_policy_in_plain_words(
    ana: Partner, client_of: ClientOf
) -> None:
    link = invite(make_therapist(name="Dr. Lin"))
    shown = client_of(ana).get(f"/us/therapist/invitation/{link.token}/").content.decode()
    for said in ("Dr. Lin", "LMFT 4711", "Oregon", "No secrets are kept."):
        assert said in shown


def test_opening_is_a_post_and_brings_it_before_both(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    link = invite(make_therapist())
    response = client_of(ana).post(f"/us/therapist/invitation/{link.token}/")
    assert response["Location"] == "/us/therapist/"
    for partner in (ana, ben):
        assert b"I accept this therapist" in client_of(partner).get("/us/therapist/").content


@pytest.mark.parametrize("token", ["x", "%00", "a" * 500])
def test_a_made_up_token_is_missing(token: str, ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    for response in (
        client.get(f"/us/therapist/invitation/{token}/"),
        client.post(f"/us/therapist/invitation/{token}/"),
    ):
        assert response.status_code == 404


def test_a_used_token_shows_nothing_of_the_other_couple(
    ana: Partner, others: tuple[Partner, Partner], client_of: ClientOf
) -> None:
    link = open_link(make_therapist(), others[0])
    response = client_of(ana).get(f"/us/therapist/invitation/{link.token}/")
    assert response.status_code == 404
    assert b"Dr. Lin" not in response.content


def test_a_refused_opening_says_why(ana: Partner, client_of: ClientOf) -> None:
    own = invite(make_therapist(name="Ana", person=ana.person))
    response = client_of(ana).post(f"/us/therapist/invitation/{own.token}/")
    assert response.status_code == 409
    assert b"Nobody can be the therapist of their own couple." in response.content
