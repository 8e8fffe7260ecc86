"""Every page and every answer is sound HTML, and can be read and worked by ear and by voice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.access.answers import Answer, answers
from tests.access.people import World

pytestmark = pytest.mark.django_db

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CONTROLS = ("a", "button", "summary", "input", "select", "textarea")
TAPPED = ("a", "button", "summary")
TYPED = "textarea", "select", "input"
BUTTONS = {"hidden", "submit", "button"}


@pytest.fixture(scope="module")
def gathered() -> list[Answer]:
    return []


@pytest.fixture
def every_answer(gathered: list[Answer], world: World, client_for_all: Client) -> list[Answer]:
    """Ask once for all tests, and as each test does: with its settings."""
    if not gathered:
        gathered.extend(answers(world, client_for_all))
    return gathered


def test_what_a_parser_would_have_to_put_right_stands_nowhere(every_answer: list[Answer]) -> None:
    assert len(every_answer) > 300
    nothing_wrong(every_answer, lambda answer: answer.mistakes)


def test_no_two_elements_share_an_id_and_what_is_pointed_at_is_there(
    every_answer: list[Answer],
) -> None:
    def wrong(answer: Answer) -> Iterator[str]:
        ids = Counter(each.get("id") for each in answer.all("*[@id]"))
        yield from (f"twice: {name}" for name, times in ids.items() if times > 1)
        if not answer.is_page:
            return
        for pointer in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for each in answer.all(f"*[@{pointer}]"):
                yield from (
                    f"{pointer}={name}" for name in each.get(pointer).split() if name not in ids
                )

    nothing_wrong(every_answer, wrong)


def test_headings_come_in_order_and_a_page_has_one_of_the_first(every_answer: list[Answer]) -> None:
    """A part that is put into a page may begin with any but may skip none after that."""

    def wrong(answer: Answer) -> Iterator[str]:
        levels = [int(each.tag[1]) for each in answer.all("*") if each.tag in HEADINGS]
        # What a browser that has left is shown has no words at all.
        blank = any(title.text == "…" for title in answer.all("title"))
        if answer.is_page and levels.count(1) != 1 and not blank:
            yield f"{levels.count(1)} of h1"
        for before, after in zip([0, *levels] if answer.is_page else levels, levels, strict=False):
            if after > before + 1:
                yield f"h{before}, then h{after}"
        yield from ("an empty heading" for each in answer.all("*") if empty_heading(each))

    nothing_wrong(every_answer, wrong)


def test_the_name_of_a_control_begins_with_what_is_read_on_it(every_answer: list[Answer]) -> None:
    """WCAG 2.5.3: who says "tap" and the words on it has to be understood."""

    def wrong(answer: Answer) -> Iterator[str]:
        for each in answer.all("*"):
            if each.tag not in CONTROLS or each.get("hidden") is not None:
                continue
            shown, words = plain(visible(each)), plain("".join(each.itertext()))
            name = plain(each.get("aria-label")) or words
            if not name.startswith(shown):
                yield f"{shown!r} is called {name!r}"
            if each.tag in TAPPED and not name and not pictures(each):
                yield f"nameless {each.tag} {each.attrib}"

    nothing_wrong(every_answer, wrong)


def test_what_is_said_by_itself_is_said_from_the_one_region_of_the_page(
    every_answer: list[Answer],
) -> None:
    """A live region that comes with its words is read by nobody (static/js/say.js)."""

    def wrong(answer: Answer) -> Iterator[str]:
        regions = [
            each
            for each in answer.all("*")
            if each.get("role") in {"status", "alert", "log"} or each.get("aria-live")
        ]
        yield from (str(each.attrib) for each in regions if each.get("id") != "say")

    nothing_wrong(every_answer, wrong)


def test_a_field_in_a_part_that_is_replaced_is_carried_over(every_answer: list[Answer]) -> None:
    """What somebody types or chooses stays while the other changes the page around it."""

    def wrong(answer: Answer) -> Iterator[str]:
        for part in answer.all("*[@hx-trigger]"):
            kept = {
                id(each) for holds in part.findall(".//*[@hx-preserve]") for each in holds.iter()
            }
            for each in part.iter():
                fixed = each.get("type") in BUTTONS or each.get("readonly") is not None
                if each.tag in TYPED and not fixed and id(each) not in kept:
                    yield str(each.attrib)

    nothing_wrong([each for each in every_answer if each.asked.startswith("GET")], wrong)


def test_what_went_wrong_takes_the_focus(every_answer: list[Answer]) -> None:
    """It is at the first thing that is not right, which is tied to what is said about it."""

    def wrong(answer: Answer) -> Iterator[str]:
        fields = answer.all("*[@aria-invalid]")
        said = [each for each in answer.all("*[@class]") if is_error(each)]
        if not fields and not said:
            return
        first = next(iter(answer.all("*[@autofocus]")), None)
        if first is None or not (first in fields or first in said):
            yield f"the focus is at {None if first is None else first.attrib}"
        described = {
            id(inner): each for each in answer.all("*[@aria-describedby]") for inner in each.iter()
        }
        yield from (f"not tied: {each.attrib}" for each in fields if id(each) not in described)

    nothing_wrong(every_answer, wrong)


def test_some_answers_say_that_something_went_wrong(every_answer: list[Answer]) -> None:
    assert sum(bool(each.all("*[@aria-invalid]")) for each in every_answer) > 20


def is_error(each: Any) -> bool:
    return bool({"errors", "summary", "notice-error"} & set(each.get("class").split()))


def empty_heading(each: Any) -> bool:
    return each.tag in HEADINGS and not "".join(each.itertext()).strip()


def pictures(each: Any) -> list[Any]:
    return [inner for inner in each.iter() if inner.get("aria-label") or inner.get("alt")]


def visible(each: Any) -> str:
    """The words on a control as they are seen: without what is there for the ear alone."""
    if "unseen" in each.get("class", "").split() or each.get("aria-hidden") == "true":
        return ""
    inner = (visible(part) + (part.tail or "") for part in each)
    return (each.text or "") + "".join(inner)


def plain(words: str | None) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[\u2066-\u2069]", "", words or "")).strip().casefold()


def nothing_wrong(
    those: list[Answer], wrong: Callable[[Answer], Iterator[str] | list[str]]
) -> None:
    """Say of each fault once where it was first found, and of how many answers."""
    found: dict[str, list[str]] = {}
    for answer in those:
        for fault in wrong(answer):
            found.setdefault(fault, []).append(answer.asked)
    assert not found, "\n".join(
        f"{fault}  ({len(asked)}, first {asked[0]})" for fault, asked in sorted(found.items())
    )
