"""Quiet hints: what raises which, what raises nothing, and what is wrong in a file of them."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from couples.models import Partner
from repairs.hints import REACH, HintsRefused, expression, first, hints, load, plain
from repairs.terms import Kind
from tests.apologies import GOOD, RAISED
from tests.conftest import ClientOf
from tests.factories import act, share_repair

LEAST = 30
"""Sentences of either sort, at the least."""

A_FILE = """
[sources]
ours = "Our own judgement."

[[hint]]
id = "but-you"
says = "This is about the other."
why = "Here is room for yours."
sources = ["ours"]
phrases = ["but you"]
unless = ["but you waited"]
raised_by = ["But you too.", "I did, but you did."]
not_raised_by = ["But I did.", "I went, but you waited."]
"""


def test_there_are_enough_hints_and_enough_sentences() -> None:
    assert len(hints()) >= 12
    assert len(GOOD) >= LEAST
    assert len(RAISED) >= LEAST
    assert {name for _text, name in RAISED} == {hint.id for hint in hints()}


@pytest.mark.parametrize("text", GOOD)
def test_a_good_apology_raises_nothing(text: str) -> None:
    assert first(text, hints()) is None


@pytest.mark.parametrize(("text", "name"), RAISED)
def test_what_undoes_an_apology_raises_its_hint(text: str, name: str) -> None:
    found = first(text, hints())
    assert found is not None
    assert found.id == name


def test_taking_all_the_blame_comes_first_and_alone_leads_to_the_safety_page() -> None:
    assert [hint.id for hint in hints() if hint.safety] == ["all-the-blame"]
    found = first("I'm sorry, but you know it is all my fault. Forgive me.", hints())
    assert found is not None
    assert found.safety


@pytest.mark.parametrize(
    "text", ["I'm sorry you feel so", "I’m SORRY,\tyou -- feel so", "Im sorry that you feel so"]
)
def test_capitals_commas_and_apostrophes_do_not_count(text: str) -> None:
    found = first(text, hints())
    assert found is not None
    assert found.id == "sorry-that-you-feel"


def test_a_phrase_stays_within_a_sentence_and_within_reach() -> None:
    phrase = expression("sorry … but")
    for words, found in ((0, True), (REACH, True), (REACH + 1, False)):
        said = plain(f"Sorry{' far' * words} but no")
        assert bool(re.search(phrase, said)) is found
    assert not re.search(phrase, plain("Sorry. But no"))


def test_what_excuses_a_phrase_stands_in_the_same_sentence() -> None:
    (hint,) = load(A_FILE, where="hints.toml")
    assert not hint.is_raised_by("I went, but you waited, but you were late.")
    assert hint.is_raised_by("I went, but you waited. But you were late.")
    assert hint.is_raised_by("Then, but you were late. I went, but you waited.")


def test_no_name_is_part_of_another() -> None:
    """The phone keeps those put aside in one line, and looks for a name in it."""
    names = [hint.id for hint in hints()]
    assert not [(one, two) for one in names for two in names if one != two and one in two]


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    first(text, hints())
    said = plain(text)
    assert said[0] == said[-1] == " "
    assert set(said.split()) == set(re.findall(r"[a-z0-9\u00c0-\u024f]+|\.", said))


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("phrases = [", "phrases = [[", "hints.toml: "),
        ('phrases = ["but you"]', "phrases = []", "but-you: phrases: missing"),
        ('phrases = ["but you"]', 'phrases = "but you"', "but-you: phrases: a list of texts"),
        ('"but you"]', '"but(you|)"]', "a space on either side"),
        ('"but you"]', '"(but (you|))"]', "brackets come in pairs"),
        ('"but you"]', '"(but|) …"]', "at least one word"),
        ('"but you"]', '"but.* you"]', "'but.*' is no word"),
        ('id = "but-you"', 'id = "But you"', "id: small letters and hyphens"),
        ('why = "Here', 'because = "Here', "because: unknown"),
        ('why = "Here', 'because = "Here', "why: missing"),
        ('sources = ["ours"]', 'sources = ["theirs"]', "'theirs' is not in [sources]"),
        ('sources = ["ours"]', 'sources = ["ours"]\nsafety = 1', "safety: true or false"),
        ('"But you too.", ', "", "raised_by: at least 2 sentences"),
        ("But you too.", "Not at all.", "“Not at all.” does not raise it"),
        ("But I did.", "But you did.", "“But you did.” raises it"),
        ("[[hint]]", "[[hints]]", "hints: unknown"),
    ],
)
def test_a_file_that_is_not_right_is_refused(line: str, instead: str, fault: str) -> None:
    load(A_FILE, where="hints.toml")
    assert line in A_FILE
    with pytest.raises(HintsRefused) as refused:
        load(A_FILE.replace(line, instead), where="hints.toml")
    assert fault in str(refused.value)


def test_a_hint_stands_there_once() -> None:
    twice = A_FILE + A_FILE[A_FILE.index("[[hint]]") :]
    with pytest.raises(HintsRefused, match="but-you: stands there twice"):
        load(twice, where="hints.toml")


def test_hints_are_on_the_page_only_while_a_part_is_written(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    repair = share_repair(by=ana)
    page = f"/repairs/{repair.pk}/"
    act(repair, by=ben, kind=Kind.NOW)
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.SETTLED)
    assert "data-hint" not in client_of(ana).get(page).content.decode()
    for each in (ana, ben):
        act(repair, by=each, kind=Kind.NO_HURT)
    assert client_of(ana).get(page).content.decode().count('data-hint="') == len(hints())
    act(repair, by=ana, kind=Kind.PART, words="I went silent.")
    assert "data-hint" not in client_of(ana).get(page).content.decode()


def test_what_a_hint_says_is_translated_when_it_is_shown(
    ana: Partner, ben: Partner, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    repair = share_repair(by=ana)
    act(repair, by=ben, kind=Kind.NOW)
    for kind in (Kind.SETTLED, Kind.NO_HURT):
        for each in (ana, ben):
            act(repair, by=each, kind=kind)
    told = {hint.says: f"{hint.id} gesagt" for hint in hints()}
    told |= {hint.why: f"{hint.id} begründet" for hint in hints()}
    trans = vars(translation)["_trans"]
    real = trans.gettext
    monkeypatch.setattr(trans, "gettext", lambda text: told.get(text) or real(text))
    html = client_of(ana).get(f"/repairs/{repair.pk}/").content.decode()
    for words in told.values():
        assert words in html
