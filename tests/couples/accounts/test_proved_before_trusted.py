"""What was set before a mailbox was proved by its reader counts for nothing (A1).

Mallory signs up with an address that is the owner's; the owner comes later, by one of the ways in.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from couples.accounts.forms import SignupForm
from couples.models import Person
from tests.couples.accounts.codes import (
    CONFIRM,
    RESET,
    RESET_CODE,
    RESET_DONE,
    VERIFY,
    ask_for_a_code,
    code_for,
    mails_to,
    sign_in_by_code,
    sign_in_by_password,
    sign_up,
    signed_in,
)
from tests.factories import make_couple, make_person

pytestmark = pytest.mark.django_db

OWNER = "owner@example.com"
MALLORYS = "mallory knows this one"
OWNERS = "nobody else knows this"


@pytest.fixture(autouse=True)
def quick_hashes(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


def by_code(client: Client) -> None:
    sign_in_by_code(client, OWNER)


def by_signing_up(client: Client) -> None:
    client.post(VERIFY, {"code": sign_up(client, OWNER)})


def by_signing_up_with_a_password(client: Client) -> None:
    client.post(VERIFY, {"code": sign_up(client, OWNER, OWNERS)})


def by_reset(client: Client) -> None:
    client.post(RESET, {"email": OWNER})
    client.post(RESET_CODE, {"code": code_for(OWNER)})
    client.post(RESET_DONE, {"password1": OWNERS, "password2": OWNERS})


def by_invitation(client: Client) -> None:
    client.get("/accounts/signup/?next=/start/")
    client.post(VERIFY, {"code": sign_up(client, OWNER, OWNERS)})


WAYS = [by_code, by_signing_up, by_signing_up_with_a_password, by_reset, by_invitation]
Way = Callable[[Client], None]


@pytest.mark.parametrize("way", WAYS)
def test_a_password_from_before_the_proof_opens_nothing(way: Way) -> None:
    sign_up(Client(), OWNER, MALLORYS)
    owner = Client()
    way(owner)
    assert signed_in(owner)
    assert not Person.objects.get(email=OWNER).check_password(MALLORYS)
    mallory = Client()
    sign_in_by_password(mallory, OWNER, MALLORYS)
    assert not signed_in(mallory)
    assert signed_in(owner)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("comes_back", [False, True])
def test_a_sign_up_that_waits_ends_when_another_proves_the_mailbox(
    way: Way, comes_back: bool
) -> None:
    mallory = Client()
    code = sign_up(mallory, OWNER, MALLORYS)
    if comes_back:
        mallory = Client()
        sign_in_by_password(mallory, OWNER, MALLORYS)
        code = code_for(OWNER)
    owner = Client()
    way(owner)
    before = len(mails_to(OWNER))
    for sent in ({"action": "resend"}, {"code": code}):
        assert mallory.post(VERIFY, sent).status_code == 302
    assert len(mails_to(OWNER)) == before
    assert not signed_in(mallory)
    assert signed_in(owner)


@pytest.mark.parametrize("way", WAYS)
def test_codes_asked_for_before_the_proof_by_others_open_nothing(way: Way) -> None:
    sign_up(Client(), OWNER, MALLORYS)
    asking, resetting = Client(), Client()
    code = ask_for_a_code(asking, OWNER)
    resetting.post(RESET, {"email": OWNER})
    reset_code = code_for(OWNER)
    way(Client())
    asking.post(CONFIRM, {"code": code})
    resetting.post(RESET_CODE, {"code": reset_code})
    resetting.post(RESET_DONE, {"password1": MALLORYS, "password2": MALLORYS})
    assert not signed_in(asking)
    assert not signed_in(resetting)
    assert not Person.objects.get(email=OWNER).check_password(MALLORYS)


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_sign_ups_the_password_of_the_one_that_brings_the_code_counts(first: int) -> None:
    browsers, passwords = (Client(), Client()), (MALLORYS, OWNERS)
    codes = [sign_up(browsers[n], OWNER, passwords[n]) for n in (0, 1)]
    browsers[first].post(VERIFY, {"code": codes[first]})
    browsers[1 - first].post(VERIFY, {"code": codes[1 - first]})
    assert [signed_in(browsers[n]) for n in (first, 1 - first)] == [True, False]
    person = Person.objects.get(email=OWNER)
    assert person.check_password(passwords[first])
    assert EmailAddress.objects.get(user=person).verified


def test_a_password_typed_in_the_browser_that_brings_the_code_stays() -> None:
    sign_up(Client(), OWNER, OWNERS)
    later = Client()
    sign_in_by_password(later, OWNER, OWNERS)
    later.post(VERIFY, {"code": code_for(OWNER)})
    assert signed_in(later)
    assert Person.objects.get(email=OWNER).check_password(OWNERS)


def test_on_one_shared_browser_a_sign_up_that_was_given_up_leaves_nothing() -> None:
    shared = Client()
    sign_up(shared, OWNER, MALLORYS)
    shared.post("/accounts/logout/")
    sign_in_by_code(shared, OWNER)
    assert signed_in(shared)
    assert not Person.objects.get(email=OWNER).check_password(MALLORYS)


@pytest.mark.parametrize("way", [by_code, by_reset, by_signing_up])
def test_a_name_a_second_factor_and_sessions_from_before_the_proof_are_gone(way: Way) -> None:
    person = make_person(name="Mallory", email=OWNER)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    inside = Client()
    inside.force_login(person)
    EmailAddress.objects.filter(user=person).update(verified=False)
    owner = Client()
    way(owner)
    assert signed_in(owner)
    assert not signed_in(inside)
    assert not Authenticator.objects.filter(user=person).exists()
    assert Person.objects.get(pk=person.pk).name is None


def test_an_account_that_is_not_proved_may_do_nothing_but_prove_it() -> None:
    person = make_person(name="Mallory", email=OWNER)
    EmailAddress.objects.filter(user=person).update(verified=False)
    inside = Client()
    inside.force_login(person)
    for page in ("/accounts/password/set/", "/accounts/2fa/totp/activate/", "/accounts/email/"):
        assert inside.get(page)["Location"].startswith(VERIFY), page
    inside.post(VERIFY, {"code": code_for(OWNER)})
    assert signed_in(inside)
    assert not Person.objects.get(pk=person.pk).has_usable_password()


def test_a_new_password_ends_a_sign_in_that_waits_at_a_later_step() -> None:
    person = make_person(name="Ana")
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person).get_unused_codes()
    waiting = Client()
    sign_in_by_password(waiting, person.email, "say hi before anything")
    owner = Client()
    owner.post(RESET, {"email": person.email})
    owner.post(RESET_CODE, {"code": code_for(person.email)})
    owner.post(RESET_DONE, {"password1": OWNERS, "password2": OWNERS})
    waiting.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert not signed_in(waiting)


def test_a_proved_account_keeps_its_password_whatever_code_is_typed() -> None:
    ana, _ben = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
    client = Client()
    sign_in_by_code(client, ana.person.email)
    assert Person.objects.get(pk=ana.person_id).check_password("say hi before anything")
    assert Person.objects.get(pk=ana.person_id).name == "Ana"


def test_a_sign_up_says_the_same_whoever_has_the_address() -> None:
    make_person(name="Ana")
    sign_up(Client(), "begun@example.com", MALLORYS)
    told = set()
    for address in ("ana@example.com", "begun@example.com", "new@example.com"):
        page = Client().post("/accounts/signup/", {"email": address, "password1": OWNERS})
        told.add((page.status_code, page["Location"]))
    assert len(told) == 1
    assert "has a login already" in str(mails_to("ana@example.com")[-1].body)
    assert len(mail.outbox) == 4


def test_two_sign_ups_at_the_same_instant_are_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(Client(), OWNER, MALLORYS)
    # The second looked before the first had written.
    monkeypatch.setattr(SignupForm, "validate_unique_email", lambda _form, value: value)
    second = Client()
    second.post(VERIFY, {"code": sign_up(second, OWNER, OWNERS)})
    assert signed_in(second)
    assert Person.objects.get(email=OWNER).check_password(OWNERS)
    late = Client().post("/accounts/signup/", {"email": OWNER, "password1": OWNERS})
    assert late["Location"] == VERIFY
