"""Whatever is sent to whichever address: a clear message or a plain refusal, never a failure.

Addresses come from the resolver, and the fields of each from the forms its view asks, so that a
new page is tried without being named here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from unittest.mock import patch

import pytest
from django import forms
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.access.people import World
from tests.access.posting import FAILURE, OURS, good, one_a_view, send
from tests.access.test_matrix import TABLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(world: World, settings: Settings) -> None:
    """Hash what is tried in a moment: it is slow on purpose, and tried hundreds of times here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


NUL = "before\x00after"
TYPED = {
    "nothing": "",
    "blanks": " \t\n ",
    "too long": "w" * 10_000,
    "control characters": "a\x01\x02\x07\x1b[31m\x7f\x9fb",
    "NUL": NUL,
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}{% now 'Y' %}",
    "right to left": "\u202eשלום\u2066 مرحبا\u2069",
    "emoji": "👩🏽‍❤️‍💋‍👨🏿" * 40,
    "combining": "e" + "\u0301" * 3000,
    "line breaks": "one\r\ntwo\rthree\u2028four",
    "quotes": "'; DROP TABLE couples_person; --\"\\",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "no date": "2026-02-30",
    "no uuid": "not-a-uuid",
    "nil uuid": str(uuid.UUID(int=0)),
    "huge number": "9" * 400,
    "negative": "-1",
    "not a number": "NaN",
    "odd digits": "١٢:٣٤",
    "lone surrogate": "\ud800",
}


@contextmanager
def forms_asked() -> Iterator[dict[str, forms.Field]]:
    """Collect the fields, by their names in the page, of every form that is checked inside."""
    fields: dict[str, forms.Field] = {}
    check = forms.BaseForm.full_clean

    def noting(form: forms.BaseForm) -> None:
        if form.is_bound:
            fields.update({form.add_prefix(key): field for key, field in form.fields.items()})
        check(form)

    with patch.object(forms.BaseForm, "full_clean", noting):
        yield fields


@pytest.mark.parametrize("name", one_a_view())
def test_nothing_typed_everywhere_fails(world: World, client_for_all: Client, name: str) -> None:
    fine = good(name)
    with forms_asked() as asked:
        if send(world, client_for_all, name, fine).status_code == 405:
            return
    for typed in TYPED.values():
        posted = dict.fromkeys({"client_key", "then", "next", *fine, *asked}, typed)
        assert send(world, client_for_all, name, posted).status_code < FAILURE


@pytest.mark.parametrize("name", OURS)
def test_no_field_takes_anything_badly(world: World, client_for_all: Client, name: str) -> None:
    fine = good(name)
    with forms_asked() as asked:
        if send(world, client_for_all, name, fine).status_code == 405:
            return
    failed, silent, lost = [], [], []
    for field in {"client_key", *asked}:
        for what, typed in TYPED.items():
            posted = {**fine, field: typed}
            answer = send(world, client_for_all, name, posted)
            if answer.status_code >= FAILURE:
                failed.append((field, what, repr(answer.exc_info[1])))  # type: ignore[attr-defined]
            if answer.status_code == 422 and not says_why(answer):
                silent.append((field, what))
            if answer.status_code == 422 and not kept(answer, asked, posted):
                lost.append((field, what))
    assert not failed
    assert not silent
    assert not lost


@pytest.mark.parametrize("name", [each for each in OURS if TABLE[each].methods == "GET POST"])
def test_a_form_sent_empty_says_what_is_missing(
    world: World, client_for_all: Client, name: str
) -> None:
    """An empty body is an answer too: its token can travel in a header."""
    answer = send(world, client_for_all, name, {})
    assert answer.status_code in {302, 409} or (answer.status_code == 422 and says_why(answer))


def says_why(answer: HttpResponse) -> bool:
    """Look whether a page holds a message."""
    return re.search(r'class="(errors|notice notice-error)', answer.content.decode()) is not None


def kept(answer: HttpResponse, asked: dict[str, forms.Field], posted: dict[str, str]) -> bool:
    """Look whether a page of messages still holds every text that was typed, line by line."""
    page = answer.content.decode()
    texts = [readable(posted.get(key, "")) for key, field in asked.items() if is_text(field)]
    return all(escape(line) in page for text in texts for line in re.split(r"[\r\n]+", text))


def is_text(field: forms.Field) -> bool:
    """True for what somebody has written, and not chosen or been given by the page."""
    return type(field.widget) in {forms.Textarea, forms.TextInput} and not isinstance(
        field, forms.UUIDField
    )


def readable(typed: str) -> str:
    """Return a text as a server reads it: broken encodings become question marks."""
    return typed.encode(errors="surrogatepass").decode(errors="replace")
