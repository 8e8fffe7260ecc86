"""One mailbox is one account, however its address is spelled or pasted (A7)."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from couples.accounts.addresses import normal, readable
from couples.models import Person
from tests.couples.accounts.codes import (
    CODES,
    CONFIRM,
    EMAIL,
    RESET,
    SIGN_IN,
    SIGN_UP,
    VERIFY,
    answer_again,
    code_for,
    mails_to,
    sign_in_by_code,
    sign_up,
    signed_in,
)
from tests.factories import PASSWORD, make_person

KIM = "kim@example.com"

SAME_AS_KIM = {
    "capitals": "Kim@Example.COM",
    "a space at the end": " kim@example.com ",
    "zero width space at the end": "kim@example.com\u200b",
    "zero width space at the beginning": "\u200bkim@example.com",
    "a mark of order": "\ufeffkim@example.com",
    "marks of direction around it": "\u202akim@example.com\u202c",
    "isolates around it": "\u2068kim@example.com\u2069",
    "a word joiner inside the domain": "kim@exam\u2060ple.com",
    "a soft hyphen inside the domain": "kim@exam\u00adple.com",
    "a variation selector": "kim@example.com\ufe0f",
    "wide letters": "kim@\uff45\uff58ample.com",
    "an ideographic full stop": "kim@example\u3002com",
    "the root of the domain": "kim@example.com.",
    "the sign for kelvin in the domain": "kim@example.com",
}
NONE = {
    "a capital i with a dot": "x\u0130@example.com",
    "a small i without one": "k\u0131m@example.com",
    "the sign for kelvin": "\u212aim@example.com",
    "a long s": "\u017fam@example.com",
    "letters apart from their accents": "jo\u0308rg@example.com",
    "letters with their accents": "j\u00f6rg@example.com",
    "zero width space before the @": "kim\u200b@example.com",
    "zero width joiner": "k\u200dim@example.com",
    "a turn of direction": "kim\u202e@example.com",
    "a turn of direction in the domain": "kim@exam\u202eple.com",
    "a joiner out of place": "kim@exa\u200dmple.com",
    "quotes": '"kim"@example.com',
    "quotes around a space": '"kim "@example.com',
    "a comment": "kim(hi)@example.com",
    "a bare address": "kim@[127.0.0.1]",
    "a new line": "kim@example.com\nbcc:all@example.com",
    "a tab inside": "ki\tm@example.com",
    "two signs": "kim@@example.com",
    "two addresses": "kim@example.com, jo@example.com",
    "a name and an address": "Kim <kim@example.com>",
    "no domain": "kim@",
    "nothing before it": "@example.com",
    "two dots": "kim@example..com",
    "a broken label": "kim@xn--a.com",
    "a snowman": "kim@\u2603.example",
    "a wide at": "kim\uff20example.com",
    "a nul": "kim\x00@example.com",
    "too long by its domain alone": "kim@" + ".".join(["stra\u00dfe" * 8] * 6) + ".example",
    "too long": "k" * 250 + "@example.com",
    "a lone surrogate": "kim\ud800@example.com",
}
FORMS = {
    SIGN_UP: {"password1": PASSWORD},
    SIGN_IN: {"password": PASSWORD},
    CODES: {},
    RESET: {},
}


@pytest.mark.parametrize("typed", SAME_AS_KIM.values(), ids=SAME_AS_KIM)
def test_spellings_of_one_mailbox_are_one_address(typed: str) -> None:
    assert normal(typed) == KIM


@pytest.mark.parametrize("typed", NONE.values(), ids=NONE)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        normal(typed)


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("x@straße.example", "x@xn--strae-oqa.example", "x@straße.example"),
        ("x@STRASSE.example", "x@strasse.example", "x@strasse.example"),
        ("x@münchen.example", "x@xn--mnchen-3ya.example", "x@münchen.example"),
        ("x@mu\u0308nchen.example", "x@xn--mnchen-3ya.example", "x@münchen.example"),
        ("X+tag@xn--mnchen-3ya.example", "x+tag@xn--mnchen-3ya.example", "x+tag@münchen.example"),
    ],
)
def test_a_domain_is_kept_as_mail_servers_know_it(typed: str, kept: str, shown: str) -> None:
    assert normal(typed) == kept
    assert normal(kept) == kept
    assert readable(kept) == shown


@pytest.mark.django_db
@pytest.mark.parametrize("typed", NONE.values(), ids=NONE)
def test_no_form_fails_or_makes_anybody_of_what_is_no_address(client: Client, typed: str) -> None:
    make_person(name="Kim")
    for path, rest in FORMS.items():
        typed_here = typed.encode(errors="surrogatepass").decode(errors="replace")
        page = client.post(path, {"email": typed_here, "login": typed_here, **rest})
        assert page.status_code == 200, path
        assert page.context["form"].errors, path
    assert Person.objects.count() == EmailAddress.objects.count() == 1
    assert not mail.outbox


@pytest.mark.django_db
@pytest.mark.parametrize("typed", SAME_AS_KIM.values(), ids=SAME_AS_KIM)
def test_every_spelling_finds_the_account_and_makes_no_second(typed: str) -> None:
    make_person(name="Kim")
    for path, rest in FORMS.items():
        client = Client()
        client.post(path, {"email": typed, "login": typed, **rest})
        if path == SIGN_IN:
            assert signed_in(client)
    assert Person.objects.count() == EmailAddress.objects.count() == 1
    assert {tuple(letter.to) for letter in mail.outbox} == {(KIM,)}
    client = Client()
    client.post(CODES, {"email": typed})
    client.post(CONFIRM, {"code": code_for(KIM)})
    assert signed_in(client)


@pytest.mark.django_db
def test_mail_goes_to_the_domain_that_was_typed_and_to_no_other(client: Client) -> None:
    client.post(SIGN_UP, {"email": "x@straße.example", "password1": ""})
    [letter] = mail.outbox
    assert letter.to == ["x@xn--strae-oqa.example"]
    assert "strasse" not in str(letter.message())
    shown = client.get(VERIFY).content.decode()
    assert "A code is on its way to x@straße.example" in shown
    client.post(VERIFY, {"code": code_for("x@xn--strae-oqa.example")})
    again = Client()
    sign_in_by_code(again, "x@xn--strae-oqa.example")
    assert signed_in(again)


@pytest.mark.django_db
def test_a_change_of_address_takes_and_compares_the_one_form() -> None:
    kim = make_person(name="Kim")
    kim.set_unusable_password()
    kim.save()
    client = Client()
    sign_in_by_code(client, KIM)
    answer_again(client, KIM, next_page=EMAIL)
    for typed in ("kim@example.com\u200b", "x\u0130@example.com", "kim\u200b@example.com"):
        page = client.post(EMAIL, {"email": typed, "action_add": ""})
        assert page.status_code == 200, typed
    client.post(EMAIL, {"email": "Kim@straße.example\u200b", "action_add": ""})
    client.post(VERIFY, {"code": code_for("kim@xn--strae-oqa.example")})
    kim.refresh_from_db()
    assert kim.email == "kim@xn--strae-oqa.example"


@pytest.mark.django_db
def test_a_second_sign_up_in_another_spelling_is_the_same_account() -> None:
    client = Client()
    sign_up(client, "new@example.com")
    other = Client()
    other.post(SIGN_UP, {"email": "NEW@example.com\u200b", "password1": ""})
    assert len(mails_to("new@example.com")) == 2
    assert Person.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["appoint_operator", "verify_therapist"])
def test_commands_take_the_same_spellings_and_say_what_is_none(command: str) -> None:
    with pytest.raises(CommandError, match=r"kim@example\.com has"):
        call_command(command, "Kim@Example.com\u200b", stdout=StringIO())
    with pytest.raises(CommandError, match=r"mail to this address|Before the @"):
        call_command(command, "kim", stdout=StringIO())


@pytest.mark.django_db
def test_the_manager_of_people_keeps_one_form_and_refuses_the_rest() -> None:
    assert Person.objects.create_user("Kim@Example.com\u200b").email == KIM
    with pytest.raises(ValidationError):
        Person.objects.create_superuser("x\u0130@example.com", PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["kim@example.com\u200b", "ki\u200bm@example.com", "kim@straße.example", "kim\u202e@a.b"],
)
def test_the_database_itself_takes_no_second_spelling(address: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(name="Kim", email=address)


@pytest.mark.django_db
def test_addresses_from_before_are_brought_into_form() -> None:
    from importlib import import_module

    from django.apps import apps

    migration = import_module("couples.migrations.0017_addresses_in_one_form")
    one, taken = make_person(name="One"), make_person(name="Taken")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE couples_person DROP CONSTRAINT person_email_in_one_form")
        for person, old in ((one, "one@straße.example"), (taken, "one@example.com\u200b")):
            cursor.execute("UPDATE couples_person SET email = %s WHERE id = %s", [old, person.pk])
            EmailAddress.objects.filter(user=person).update(email=old)
    make_person(name="Another", email="one@example.com")
    migration.bring_into_form(apps, None)
    assert Person.objects.get(pk=one.pk).email == "one@xn--strae-oqa.example"
    assert EmailAddress.objects.get(user=one).email == "one@xn--strae-oqa.example"
    assert Person.objects.get(pk=taken.pk).email == "one@example.com\u200b"
