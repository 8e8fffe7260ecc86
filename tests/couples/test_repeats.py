"""One tap, one answer: what arrives twice is answered as if it had arrived once."""

from __future__ import annotations

import re
import time
from base64 import b64decode
from copy import deepcopy
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from couples import repeats
from couples.clock import database_now
from couples.models import Couple, Invitation, Partner, Person
from tests.at_once import at_once, refused
from tests.couples.test_signing_in import CODES, CONFIRM, SIGN_UP, VERIFY, code_in, signed_in
from tests.factories import PASSWORD, fresh, make_person

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN, LOGOUT, RESET = "/accounts/login/", "/accounts/logout/", "/accounts/password/reset/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Phone(Client):
    """A browser with one page open, that sends its forms as they were drawn."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True, raise_request_exception=False)

    def opens(self, path: str) -> dict[str, str]:
        """Open a page, and return what every form on it sends along."""
        found = TOKEN.search(self.get(path, follow=True).content.decode())
        assert found
        return {"csrfmiddlewaretoken": found[1]}

    def taps_twice(self, path: str, form: dict[str, Any]) -> list[HttpResponse]:
        """Send one form twice at the same time, with the cookies of before either answer.

        The browser gives up the first request and keeps what the second is answered.
        """
        phones = [self, Phone()]
        phones[1].cookies = deepcopy(self.cookies)
        answers = at_once(*(partial(each.post, path, form) for each in phones))
        assert not refused(answers)
        self.cookies = phones[1].cookies
        return answers  # type: ignore[return-value]


@pytest.fixture
def phone() -> Phone:
    cache.clear()
    return Phone()


def alike(answers: list[HttpResponse]) -> str:
    """Check that both were led to one place, and return it."""
    one, other = (each.get("Location", str(each.status_code)) for each in answers)
    assert one == other
    return one


def test_the_right_code_tapped_twice_signs_in(phone: Phone) -> None:
    make_person(name="Ana")
    phone.post(CODES, {"email": "ana@example.com", **phone.opens(CODES)})
    form = {"code": code_in(mail.outbox[-1]), **phone.opens(CONFIRM)}
    assert alike(phone.taps_twice(CONFIRM, form)) == "/"
    assert signed_in(phone)


def test_a_wrong_code_tapped_twice_is_one_attempt(phone: Phone) -> None:
    make_person(name="Ana")
    phone.post(CODES, {"email": "ana@example.com", **phone.opens(CODES)})
    for _attempt in range(2):
        assert alike(phone.taps_twice(CONFIRM, {"code": "XXXX", **phone.opens(CONFIRM)})) == "200"
    phone.post(CONFIRM, {"code": code_in(mail.outbox[-1]), **phone.opens(CONFIRM)})
    assert signed_in(phone)


def test_a_password_tapped_twice_signs_in(phone: Phone) -> None:
    make_person(name="Ana")
    form = {"login": "ana@example.com", "password": PASSWORD, **phone.opens(LOGIN)}
    assert alike(phone.taps_twice(LOGIN, form)) == "/"
    assert signed_in(phone)


def test_a_second_step_tapped_twice_signs_in(phone: Phone) -> None:
    secret = generate_totp_secret()
    TOTP.activate(make_person(name="Ana"), secret)
    login = {"login": "ana@example.com", "password": PASSWORD, **phone.opens(LOGIN)}
    step = phone.post(LOGIN, login)["Location"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert alike(phone.taps_twice(step, {"code": code, **phone.opens(step)})) == "/"
    assert signed_in(phone)


def test_signing_up_and_the_first_code_tapped_twice(phone: Phone) -> None:
    form = {"email": "new@example.com", **phone.opens(SIGN_UP)}
    assert alike(phone.taps_twice(SIGN_UP, form)) == VERIFY
    assert len(mail.outbox) == Person.objects.count() == 1
    form = {"code": code_in(mail.outbox[-1]), **phone.opens(VERIFY)}
    assert alike(phone.taps_twice(VERIFY, form)) == "/"
    assert signed_in(phone)


def test_a_new_password_tapped_twice_signs_in(phone: Phone) -> None:
    make_person(name="Ana")
    asked = alike(phone.taps_twice(RESET, {"email": "ana@example.com", **phone.opens(RESET)}))
    assert len(mail.outbox) == 1
    form = {"code": code_in(mail.outbox[-1]), **phone.opens(asked)}
    choose = alike(phone.taps_twice(asked, form))
    new = "another way to say hi"
    form = {"password1": new, "password2": new, **phone.opens(choose)}
    assert alike(phone.taps_twice(choose, form)) == "/"
    assert signed_in(phone)


def test_signing_out_tapped_twice(phone: Phone) -> None:
    phone.force_login(make_person(name="Ana"))
    assert alike(phone.taps_twice(LOGOUT, phone.opens(LOGOUT))) == "/welcome/"
    assert not signed_in(phone)


@pytest.fixture
def link() -> str:
    """The way of a link by which Eve invites."""
    eve = fresh(Couple.start(by=make_person(name="Eve"), day_zone="UTC"))
    return f"/join/{Invitation.make(by=eve).token}/"


def test_accepting_tapped_twice_leads_to_today(phone: Phone, link: str) -> None:
    phone.force_login(make_person(name="Cleo"))
    assert alike(phone.taps_twice(link, phone.opens(link))) == "/"
    assert "notice-error" not in phone.get("/", follow=True).content.decode()


def test_accepting_on_two_phones_at_once(link: str) -> None:
    """Two sessions, so two taps of which neither waits for the other's answer."""
    cleo, phones = make_person(name="Cleo"), [Phone(), Phone()]
    for each in phones:
        each.force_login(cleo)
    one, other = ((each, each.opens(link)) for each in phones)
    answers = at_once(lambda: one[0].post(link, one[1]), lambda: other[0].post(link, other[1]))
    assert [answer["Location"] for answer in answers] == ["/", "/"]  # type: ignore[index]
    for each in phones:
        assert "notice-error" not in each.get("/", follow=True).content.decode()


def test_the_name_tapped_twice_begins_one_couple(phone: Phone) -> None:
    phone.force_login(Person.objects.create_user("new@example.com"))
    form = {"name": "New", "day_zone": "UTC", **phone.opens("/start/")}
    assert alike(phone.taps_twice("/start/", form)) == "/"
    assert Couple.objects.count() == 1


def test_an_older_page_sends_anew(ana: Partner) -> None:
    """The same words from a page that was drawn anew are another tap."""
    phone = Phone()
    phone.force_login(ana.person)
    for name in ("Ana", "Anna", "Ana"):
        form = {"name": name, "time_zone": "Europe/Berlin", **phone.opens("/me/")}
        phone.post("/me/", form)
    ana.person.refresh_from_db()
    assert ana.person.name == "Ana"


def test_the_same_form_from_somebody_else_is_not_the_same_tap(phone: Phone) -> None:
    """Whoever knows what was sent, and has not the cookies, gets nothing of the answer."""
    make_person(name="Ana")
    form = {"login": "ana@example.com", "password": PASSWORD, **phone.opens(LOGIN)}
    phone.post(LOGIN, form)
    stranger = Phone()
    stranger.opens(LOGIN)
    assert stranger.post(LOGIN, form).status_code == 403
    assert not signed_in(stranger)


def test_an_answer_lies_sealed_and_not_for_long(phone: Phone) -> None:
    make_person(name="Ana")
    form = {"login": "ana@example.com", "password": PASSWORD, **phone.opens(LOGIN)}
    phone.post(LOGIN, form)
    kept = everything_cached()
    assert "answer:" in kept
    assert str(phone.session.session_key) not in kept
    over = timedelta(seconds=repeats.ANSWER_LASTS + 1) + repeats.CLOCKS_DIFFER
    repeats.sweep(now=database_now() + over)
    assert "answer:" not in everything_cached()


def everything_cached() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        return "".join(key + str(b64decode(value)) for key, value in cursor.fetchall())
