"""A name that is read from the other side moves nothing of the sentence it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from couples.isolation import isolated
from couples.models import Partner
from tests.access.answers import Answer, answers_to
from tests.conftest import ClientOf
from tests.factories import fresh, greeting_of, name_third

NOA, OMAR = "נועה", "عمر"
ALONE = re.compile(f"\u2068({NOA}|{OMAR})\u2069")
EITHER = re.compile(f"{NOA}|{OMAR}")


@pytest.mark.django_db
def test_names_are_isolated_wherever_they_stand_among_other_words(world: object) -> None:
    found: dict[str, str] = {}
    for answer in answers_to((NOA, OMAR)):
        for text in among_words(answer):
            found.setdefault(text, answer.asked)
    assert not found, "\n".join(f"{text!r} ({asked})" for text, asked in found.items())


@pytest.mark.django_db
def test_words_to_read_and_words_to_write_take_their_own_direction(world: object) -> None:
    fields = said = 0
    for answer in answers_to((NOA, OMAR)):
        for each in answer.all("*"):
            words = "said" in each.get("class", "").split()
            field = each.tag == "textarea" or each.get("type") == "text"
            if each.get("readonly") is None and (words or field):
                assert each.get("dir") == "auto", (answer.asked, each.attrib)
            fields, said = fields + field, said + words
    assert fields > 20
    assert said > 20


def among_words(answer: Answer) -> Iterator[str]:
    """Yield each text and attribute in which a name stands unprotected."""
    for each in answer.all("*"):
        if each.tag not in {"textarea", "script"}:
            yield from (text for text in texts(each) if EITHER.search(ALONE.sub("", text)))


def texts(each: Any) -> Iterator[str]:
    yield from (value for name, value in each.attrib.items() if name != "value")
    for text in (each.text, *(part.tail for part in each)):
        # By itself in its element a name has nothing to move.
        if text and not (text.strip() in {NOA, OMAR} and not len(each)):
            yield text


def test_only_what_goes_the_other_way_is_marked() -> None:
    assert isolated("Zoë 3") == "Zoë 3"
    assert isolated(NOA) == f"\u2068{NOA}\u2069"
    with override("he"):
        assert isolated("Zoë") == "\u2068Zoë\u2069"
        assert isolated(NOA) == NOA


def test_marks_that_somebody_brings_along_end_no_isolation() -> None:
    assert isolated(f"\u202e{NOA}\u2069") == f"\u2068{NOA}\u2069"


@pytest.mark.django_db
def test_a_field_gives_back_the_words_and_nothing_else(ana: Partner, client_of: ClientOf) -> None:
    ana.person.call_me(NOA)
    page = client_of(ana).get("/me/").content.decode()
    assert f'value="{NOA}"' in page
    again = fresh(ana).person
    again.call_me(again.name)
    assert fresh(ana).person.name == NOA


@pytest.mark.django_db
def test_what_the_couple_names_is_isolated_as_well(ana: Partner) -> None:
    third = name_third(by=ana, sort="other", label="עבודה <b>")
    third.refresh_from_db()
    drawn = Template("{{ name }}").render(Context({"name": third.label}))
    assert drawn == "\u2068עבודה &lt;b&gt;\u2069"
    assert "\u2068" not in greeting_of(ana).name
