"""Before an act that changes the account its owner is asked again (A2, G4)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from couples.accounts.models import sweep
from couples.models import AddressChange, Person
from tests.couples.accounts.codes import (
    AGAIN,
    CODES,
    CONFIRM,
    EMAIL,
    SET_PASSWORD,
    SIGN_UP,
    VERIFY,
    answer_again,
    ask_for_a_code,
    code_for,
    link_for,
    mails_to,
    sign_in_by_code,
    sign_in_by_password,
    sign_up,
    signed_in,
)
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

OLD, NEW = "ana@example.com", "elsewhere@example.org"
TOTP_ON = "/accounts/2fa/totp/activate/"

SENSITIVE = [
    ("POST", EMAIL, {"email": NEW, "action_add": ""}),
    ("POST", EMAIL, {"email": NEW, "action_remove": ""}),
    ("POST", EMAIL, {"email": NEW, "action_send": ""}),
    ("POST", EMAIL, {"email": NEW, "action_primary": ""}),
    *(
        (method, page, {})
        for method in ("GET", "POST")
        for page in (
            SET_PASSWORD,
            TOTP_ON,
            "/accounts/2fa/totp/deactivate/",
            "/accounts/2fa/recovery-codes/",
            "/accounts/2fa/recovery-codes/generate/",
            "/accounts/2fa/recovery-codes/download/",
        )
    ),
    ("POST", "/accounts/sessions/", {}),
]


@pytest.fixture
def ana(db: None) -> Person:
    """Somebody who only uses codes."""
    person = make_person(name="Ana")
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def phone(ana: Person) -> Client:
    """A phone on which she is signed in, by a code typed just now."""
    client = Client()
    sign_in_by_code(client, ana.email)
    mail.outbox.clear()
    return client


@pytest.mark.parametrize(("method", "path", "sent"), SENSITIVE)
def test_an_account_that_only_uses_codes_is_asked_for_a_fresh_one_first(
    phone: Client, ana: Person, method: str, path: str, sent: dict[str, str]
) -> None:
    factors = Authenticator.objects.count()
    asked = phone.get(path) if method == "GET" else phone.post(path, sent)
    assert asked.status_code == 302
    shown = phone.get(asked["Location"], follow=True)
    assert "A code is on its way to ana@example.com" in shown.content.decode()
    assert [letter.to for letter in mail.outbox] == [[OLD]]
    ana.refresh_from_db()
    assert (ana.email, ana.has_usable_password()) == (OLD, False)
    assert Authenticator.objects.count() == factors


@pytest.mark.parametrize("path", [SET_PASSWORD, TOTP_ON])
def test_the_code_leads_to_where_one_was_going(phone: Client, path: str) -> None:
    answer = answer_again(phone, OLD, next_page=path)
    assert answer["Location"] == path
    assert phone.get(path).status_code == 200


def test_one_answer_is_enough_for_a_few_minutes_and_no_longer(phone: Client) -> None:
    answer_again(phone, OLD, next_page=SET_PASSWORD)
    assert phone.get(TOTP_ON).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert phone.get(TOTP_ON).status_code == 302


def test_a_code_is_good_once(phone: Client) -> None:
    phone.get(AGAIN)
    code = code_for(OLD)
    phone.post(AGAIN, {"code": code})
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        phone.post(AGAIN, {"code": code})
        assert phone.get(TOTP_ON).status_code == 302


def test_a_code_is_over_after_ten_minutes(phone: Client) -> None:
    phone.get(AGAIN)
    code = code_for(OLD)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        phone.post(AGAIN, {"code": code})
        assert phone.get(TOTP_ON).status_code == 302


def test_three_wrong_codes_end_the_right_one(phone: Client) -> None:
    phone.get(AGAIN)
    code = code_for(OLD)
    for _try in range(3):
        phone.post(AGAIN, {"code": "AAAA-AAAA"})
    phone.post(AGAIN, {"code": code})
    assert phone.get(TOTP_ON).status_code == 302


def test_another_code_ends_the_one_before(phone: Client) -> None:
    phone.get(AGAIN)
    code = code_for(OLD)
    phone.post(AGAIN, {"action": "resend", "next": TOTP_ON})
    assert len(mails_to(OLD)) == 2
    phone.post(AGAIN, {"code": code})
    assert phone.get(TOTP_ON).status_code == 302
    assert phone.post(AGAIN, {"code": code_for(OLD), "next": TOTP_ON})["Location"] == TOTP_ON


def test_a_second_tap_on_go_on_arrives_where_the_first_did(phone: Client) -> None:
    phone.get(AGAIN)
    code = code_for(OLD)
    taps = [phone.post(AGAIN, {"code": code, "next": TOTP_ON})["Location"] for _tap in (1, 2)]
    assert taps == [TOTP_ON, TOTP_ON]
    assert len(mail.outbox) == 1


def test_the_page_looked_at_twice_sends_one_code(phone: Client) -> None:
    for _look in range(3):
        phone.get(AGAIN)
    assert len(mail.outbox) == 1


def test_an_address_that_was_typed_is_there_again_after_the_code(phone: Client) -> None:
    phone.post(EMAIL, {"email": NEW, "action_add": ""})
    answer_again(phone, OLD, next_page=EMAIL)
    assert f'value="{NEW}"' in phone.get(EMAIL).content.decode()


def test_whoever_has_a_password_is_asked_for_it(client: Client) -> None:
    client.force_login(make_person(name="Ben"))
    for method, page, sent in SENSITIVE:
        asked = client.get(page) if method == "GET" else client.post(page, sent)
        assert asked["Location"].startswith("/accounts/reauthenticate/?next="), page
    assert "Password" in client.get("/accounts/reauthenticate/").content.decode()
    assert client.get(AGAIN)["Location"] == "/accounts/reauthenticate/"
    assert not mail.outbox


def test_whoever_has_a_second_factor_is_asked_for_that_and_sent_no_code(
    phone: Client, ana: Person
) -> None:
    TOTP.activate(ana, generate_totp_secret())
    shown = phone.get(SET_PASSWORD, follow=True)
    assert shown.redirect_chain[-1][0].startswith("/accounts/2fa/reauthenticate/")
    assert not mail.outbox


def test_a_request_that_must_wait_is_never_kept_with_what_the_server_adds(phone: Client) -> None:
    for _method, page, sent in SENSITIVE:
        phone.post(page, {**sent, "password1": PASSWORD, "password2": PASSWORD})
    kept = str(dict(phone.session.items()))
    assert PASSWORD not in kept
    assert "META" not in kept


def test_every_page_of_the_library_that_is_not_named_asks_first() -> None:
    from couples.accounts.proof import ASKED_ON_POST, NEVER_ASKED
    from tests.access.library import GUESTS, LIBRARY, UNDER_WAY

    assert GUESTS | UNDER_WAY <= NEVER_ASKED
    assert not NEVER_ASKED & ASKED_ON_POST
    assert {*NEVER_ASKED, *ASKED_ON_POST} <= LIBRARY


# --- Moving to another address -------------------------------------------------------------------


def move(phone: Client, old: str = OLD, new: str = NEW) -> None:
    """Move the account, with all that is asked for."""
    answer_again(phone, old, next_page=EMAIL)
    phone.post(EMAIL, {"email": new, "action_add": ""})
    phone.post(VERIFY, {"code": code_for(new)})


def test_the_old_address_hears_that_it_changed_and_never_where_to(
    phone: Client, ana: Person
) -> None:
    move(phone)
    ana.refresh_from_db()
    assert ana.email == NEW
    told = mails_to(OLD)[-1]
    assert "Your account has another address" in told.body
    assert NEW not in told.subject + told.body
    assert link_for(OLD)


def test_no_mail_about_an_account_names_a_browser_a_network_or_another_address(
    ana: Person,
) -> None:
    phone = Client(headers={"user-agent": "Mozilla/5.0 (Secret Phone)"}, REMOTE_ADDR="203.0.113.9")
    sign_in_by_code(phone, OLD)
    answer_again(phone, OLD, next_page=SET_PASSWORD)
    phone.post(SET_PASSWORD, {"password1": PASSWORD, "password2": PASSWORD})
    phone.post("/accounts/reauthenticate/", {"password": PASSWORD})
    changed = {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    phone.post("/accounts/password/change/", changed)
    EmailAddress.objects.create(user=ana, email="waits@example.net")
    phone.post("/accounts/reauthenticate/", {"password": PASSWORD + "!"})
    phone.post(EMAIL, {"email": "waits@example.net", "action_remove": ""})
    phone.post(EMAIL, {"email": NEW, "action_add": ""})
    phone.post(VERIFY, {"code": code_for(NEW)})
    bodies = [letter.subject + letter.body for letter in mails_to(OLD)]
    assert len(bodies) >= 6
    for body in bodies:
        for told in ("Mozilla", "Secret", "203.0.113.9", NEW, "waits@example.net", "Browser"):
            assert told not in body


def test_the_old_address_takes_the_change_back_signed_out(phone: Client, ana: Person) -> None:
    ana_before = ana.password
    move(phone)
    answer_again(phone, NEW, next_page=SET_PASSWORD)
    phone.post(SET_PASSWORD, {"password1": PASSWORD, "password2": PASSWORD})
    TOTP.activate(ana, generate_totp_secret())
    owner = Client()
    link = link_for(OLD)
    page = owner.get(link)
    assert page.status_code == 200
    ana.refresh_from_db()
    assert ana.email == NEW  # looking changes nothing
    owner.post(link)
    ana.refresh_from_db()
    assert ana.email == OLD
    assert [(a.email, a.verified, a.primary) for a in EmailAddress.objects.filter(user=ana)] == [
        (OLD, True, True)
    ]
    assert not signed_in(phone)
    assert not ana.has_usable_password()
    assert ana.password != ana_before
    assert not Authenticator.objects.filter(user=ana).exists()
    sign_in_by_code(owner, OLD)
    assert signed_in(owner)
    told = str(mails_to(NEW)[-1].body)
    assert "is back at the one it had before" in told
    assert OLD not in told


def test_a_second_factor_from_before_the_change_stays(phone: Client, ana: Person) -> None:
    answer_again(phone, OLD, next_page=EMAIL)
    TOTP.activate(ana, generate_totp_secret())
    phone.post(EMAIL, {"email": NEW, "action_add": ""})
    phone.post(VERIFY, {"code": code_for(NEW)})
    Client().post(link_for(OLD))
    assert Authenticator.objects.filter(user=ana, type="totp").exists()


def test_a_link_acts_once_and_a_second_tap_says_the_same(phone: Client, ana: Person) -> None:
    move(phone)
    link = link_for(OLD)
    owner = Client()
    first = owner.post(link)
    sign_in_by_code(owner, OLD)
    again = Client().post(link)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert signed_in(owner)  # nothing was ended a second time
    assert "has done its work" in Client().get(link).content.decode()


def test_a_link_is_over_after_seventy_two_hours(phone: Client, ana: Person) -> None:
    move(phone)
    link = link_for(OLD)
    hour = timedelta(hours=1)
    AddressChange.objects.update(changed_at=timezone.now() - 71 * hour)
    assert Client().get(link).status_code == 200
    AddressChange.objects.update(changed_at=timezone.now() - 73 * hour)
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 404
    ana.refresh_from_db()
    assert ana.email == NEW
    sweep()
    assert not AddressChange.objects.exists()


def test_later_moves_are_undone_with_the_first_and_their_links_are_over(
    phone: Client, ana: Person
) -> None:
    move(phone)
    move(phone, old=NEW, new="third@example.org")
    link, later = link_for(OLD), link_for(NEW)
    Client().post(link)
    ana.refresh_from_db()
    assert ana.email == OLD
    assert Client().post(later).status_code == 404
    ana.refresh_from_db()
    assert ana.email == OLD


def test_a_sign_up_with_the_old_address_does_not_keep_it_from_its_reader(
    phone: Client, ana: Person
) -> None:
    move(phone)
    link = link_for(OLD)
    Client().post(SIGN_UP, {"email": OLD, "password1": PASSWORD})
    Client().post(link)
    ana.refresh_from_db()
    assert ana.email == OLD
    assert Person.objects.filter(email=OLD).count() == 1


def test_an_account_that_has_proved_the_old_address_since_keeps_it(
    phone: Client, ana: Person
) -> None:
    move(phone)
    link = link_for(OLD)
    newcomer = Client()
    newcomer.post(VERIFY, {"code": sign_up(newcomer, OLD)})
    shown = Client().post(link, follow=True)
    assert "has an account of its own by now" in shown.content.decode()
    ana.refresh_from_db()
    assert ana.email == NEW
    assert signed_in(newcomer)


def test_whoever_asks_for_a_code_at_the_old_address_is_sent_the_link_again(
    phone: Client, ana: Person
) -> None:
    move(phone)
    first = link_for(OLD)
    Client().post(CODES, {"email": OLD})
    assert link_for(OLD) != first
    assert Client().get(first).status_code == 404
    assert Client().get(link_for(OLD)).status_code == 200


def test_a_code_asked_for_before_the_move_signs_nobody_in_at_the_old_address(
    phone: Client, ana: Person
) -> None:
    waiting = Client()
    code = ask_for_a_code(waiting, OLD)
    move(phone)
    waiting.post(CONFIRM, {"code": code})
    assert not signed_in(waiting)
    ana.refresh_from_db()
    assert ana.email == NEW


def test_after_a_move_everything_is_asked_again(phone: Client) -> None:
    move(phone)
    assert phone.get(SET_PASSWORD).status_code == 302


def test_a_password_that_was_there_before_the_change_counts_for_nothing_either(
    client: Client,
) -> None:
    ben = make_person(name="Ben")
    client.force_login(ben)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(EMAIL, {"email": NEW, "action_add": ""})
    client.post(VERIFY, {"code": code_for(NEW)})
    Client().post(link_for(ben.email))
    other = Client()
    sign_in_by_password(other, ben.email, PASSWORD)
    assert not signed_in(other)


@pytest.mark.parametrize("path", [AGAIN, "/accounts/address/nothing/"])
def test_limits_and_odd_links_are_said_in_words(
    path: str, phone: Client, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/m/key"}
    for _look in range(3):
        phone.get(path)
        phone.post(path, {"action": "resend"})
    shown = phone.get(path)
    assert re.search("several codes|This link is over|A code is on its way", shown.content.decode())
