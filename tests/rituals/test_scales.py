"""Definitions of published scales, and the wording an operator adds: all right or not at all."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from rituals.felt.models.scale_wording import offered
from rituals.felt.scales import DefinitionRefused, WordingRefused, definitions, load, read_sheet
from rituals.felt.scales.definition import FOLDER
from rituals.models import ScaleWording
from tests.sheets import sheet, toml

# --- Definitions -----------------------------------------------------------------------------


def test_what_is_shipped_is_what_was_published() -> None:
    """Funk and Rogge (2007): item 1 from 0 to 6, all others from 0 to 5, added up."""
    four, sixteen = definitions()["csi-4"], definitions()["csi-16"]
    assert list(definitions()) == ["csi-4", "csi-16"]
    for scale, items, highest, line in ((four, 4, 21, 13.5), (sixteen, 16, 81, 51.5)):
        assert scale.ranges == ((0, 6), *[(0, 5)] * (items - 1))
        assert (scale.lowest, scale.highest, scale.reversed) == (0, highest, frozenset())
        assert [(each.below, each.means) for each in scale.cut_offs] == [(line, "notable_distress")]
        assert "21(4), 572–583" in scale.citation
        assert "clinical and research use" in scale.licence


def test_the_repository_holds_no_wording_of_any_item() -> None:
    for file in FOLDER.glob("*.toml"):
        assert not re.search(
            r"^\s*(text|answers|items|label)\s*=|\[\[items", file.read_text(), re.MULTILINE
        )


def test_totals_and_the_line_between() -> None:
    scale = definitions()["csi-4"]
    assert scale.total([0, 0, 0, 0]) == 0
    assert scale.total([6, 5, 5, 5]) == 21
    assert [each.below for each in scale.below(13)] == [13.5]
    assert not scale.below(14)


@pytest.mark.parametrize(
    "printed", [[1, 2, 3], [1, 2, 3, 4, 5], [7, 0, 0, 0], [0, 6, 0, 0], [-1, 0, 0, 0]]
)
def test_a_number_the_scale_does_not_have_is_no_answer(printed: list[int]) -> None:
    with pytest.raises(ValueError, match="csi-4"):
        definitions()["csi-4"].total(printed)


GOOD = """
key = "tiny"
name = "Tiny"
citation = "Nobody (2026)."
licence = "Free."
ranges = [[1, 7], [1, 7]]
reversed = [2]
[scoring]
method = "sum"
lowest = 2
highest = 14
[[cut_offs]]
below = 6.5
means = "notable_distress"
[reliable_change]
points = 3
source = "Nobody (2026), table 1."
"""


def test_a_reversed_item_counts_the_other_way_round() -> None:
    tiny = load(GOOD, where="tiny.toml")
    assert tiny.total([7, 1]) == 14
    assert tiny.total([1, 7]) == 2
    assert tiny.total([3, 3]) == 3 + 5


def test_a_reliable_change_is_one_of_so_many_points_or_more() -> None:
    tiny = load(GOOD, where="tiny.toml")
    assert tiny.reliably_changed(8, 11)
    assert tiny.reliably_changed(11, 8)
    assert not tiny.reliably_changed(8, 10)
    assert not definitions()["csi-4"].reliably_changed(0, 21)  # no figure, so nothing is said


@given(st.lists(st.integers(1, 7), min_size=2, max_size=2))
def test_every_total_lies_between_the_ends(printed: list[int]) -> None:
    tiny = load(GOOD, where="tiny.toml")
    assert tiny.lowest <= tiny.total(printed) <= tiny.highest


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ('key = "tiny"', 'key = "Tiny scale"', "key: small letters"),
        ('name = "Tiny"', "", "name: missing"),
        ('citation = "Nobody (2026)."', "", "citation: missing"),
        ('citation = "Nobody (2026)."', 'citation = "  "', "citation: missing"),
        ('licence = "Free."', "", "licence: missing"),
        ('licence = "Free."', "licence = 3", "licence: missing"),
        ("ranges = [[1, 7], [1, 7]]", "", "ranges: a list"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = []", "ranges: a list"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = [[1, 7], [7, 1]]", "item 2: 7 to 1 is no range"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = [[1, 7], [3, 3]]", "item 2: 3 to 3 is no range"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = [[1, 7], [0, 1000]]", "item 2: 0 to 1000"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = [[1, 7], [1]]", "item 2: two whole numbers"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = [[1, 7], [1, 6.5]]", "item 2: two whole numbers"),
        ("ranges = [[1, 7], [1, 7]]", "ranges = [[true, 7], [1, 7]]", "item 1: two whole numbers"),
        ("reversed = [2]", "", "reversed: a list"),
        ("reversed = [2]", "reversed = [3]", "reversed: there is no item 3"),
        ("reversed = [2]", "reversed = [0]", "reversed: there is no item 0"),
        ("reversed = [2]", "reversed = [2, 2]", "reversed: an item stands there twice"),
        ('method = "sum"', 'method = "mean"', "scoring: method"),
        ("lowest = 2", "lowest = 0", "lowest: the ranges add up to 2, not 0"),
        ("highest = 14", "highest = 21", "highest: the ranges add up to 14, not 21"),
        ("highest = 14", "", "highest: the ranges add up to 14, not None"),
        ("below = 6.5", "below = 14.5", "14.5 lies outside 2 to 14"),
        ("below = 6.5", "below = 2", "2 lies outside 2 to 14"),
        ("below = 6.5", "below = nan", "a number `below`"),
        ("below = 6.5", "below = inf", "a number `below`"),
        ("below = 6.5", "", "a number `below`"),
        ('means = "notable_distress"', 'means = "doom"', "a meaning we know"),
        ("points = 3", "points = 0", "points: 0 is no part of 12"),
        ("points = 3", "points = 13", "points: 13 is no part of 12"),
        ('source = "Nobody (2026), table 1."', "", "source: missing"),
        ("points = 3", "", "not_given: missing"),
        ('key = "tiny"', 'key = "tiny"\nitems = ["I feel"]', "items: unknown"),
        ('key = "tiny"', 'key = "tiny', "line 2"),
    ],
)
def test_a_bad_definition_is_refused_and_says_where(line: str, instead: str, told: str) -> None:
    assert line in GOOD
    with pytest.raises(DefinitionRefused, match=re.escape(told)) as refused:
        load(GOOD.replace(line, instead), where="tiny.toml")
    assert str(refused.value).startswith("tiny.toml: ")


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        load("", where="empty.toml")
    assert len(str(refused.value).splitlines()) >= 8


# --- Wording ---------------------------------------------------------------------------------


def item(number: int, **instead: Any) -> list[dict[str, Any]]:
    """Return the items of a sheet with one of them, counted from 1, changed."""
    items: list[dict[str, Any]] = sheet()["items"]
    changed = {**items[number - 1], **instead}
    items[number - 1] = {name: value for name, value in changed.items() if value is not None}
    return items


def labels(low: int, high: int) -> list[list[object]]:
    return [[point, str(point)] for point in range(low, high + 1)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (sheet(scale="csi-5"), "scale: one of csi-4, csi-16"),
        (sheet(scale=["csi-4"]), "scale: one of csi-4, csi-16"),
        (sheet(scale=None), "scale: one of"),
        (sheet(licence=None), "licence: missing"),
        (sheet(licence=" "), "licence: missing"),
        (sheet(source=None), "source: missing"),
        (sheet(items=None), "items: missing; csi-4 has 4"),
        (sheet(items=sheet()["items"][:3]), "items: csi-4 has 4, not 3"),
        (sheet(items=sheet("csi-16")["items"]), "items: csi-4 has 4, not 16"),
        (sheet(items=item(2, text=None)), "item 2: text: missing"),
        (sheet(items=item(2, text="x" * 1001)), "item 2: text: longer than 1000"),
        (sheet(items=item(2, text="a\x07b")), "item 2: text: holds a control character"),
        (sheet(items=item(3, answers=None)), "item 3: answers: a list of pairs"),
        (sheet(items=item(3, answers=["never", "often"])), "item 3: answers: a list of pairs"),
        (sheet(items=item(3, answers=[["0", "never"]])), "item 3: answers: a list of pairs"),
        (sheet(items=item(1, answers=labels(0, 5))), "item 1: answers: none for 6"),
        (sheet(items=item(2, answers=labels(0, 6))), "item 2: answers: there is no 6 here"),
        (sheet(items=item(2, answers=[*labels(0, 5), [5, "five"]])), "item 2: answers: 5 stands"),
        (
            sheet(items=item(4, answers=[[1, "b"], [0, "a"], *labels(2, 5)])),
            "item 4: answers: in the order",
        ),
        (
            sheet(items=item(4, answers=[[0, " "], *labels(1, 5)])),
            "item 4: answers: 0: missing",
        ),
        (sheet(items=item(4, answer="x")), "item 4: answer: unknown"),
        (sheet(items=["a", "b", "c", "d"], scale="csi-4"), "TOML"),
        (sheet(instructions=3), "instructions: missing"),
        (sheet(author="somebody"), "author: unknown"),
    ],
)
def test_a_bad_wording_is_refused_and_says_where(content: dict[str, Any], told: str) -> None:
    broken = told == "TOML"
    text = "items = [" if broken else toml(content)
    with pytest.raises(WordingRefused, match=re.escape(told)):
        read_sheet(text, definitions())


def test_answers_stand_in_the_order_of_the_sheet() -> None:
    turned = labels(0, 5)[::-1]
    read = read_sheet(toml(sheet(items=item(2, answers=turned))), definitions())
    assert [number for number, _label in read.items[1].answers] == [5, 4, 3, 2, 1, 0]
    assert read.restored(read.stored()) == read


def run(file: Path) -> str:
    out = StringIO()
    call_command("add_scale_wording", str(file), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_adds_a_wording_and_replaces_it(tmp_path: Path) -> None:
    file = tmp_path / "csi-4.toml"
    file.write_text("\ufeff" + toml(sheet()), encoding="utf-8")
    assert "4 items. It is offered from now on." in run(file)
    file.write_text(toml(sheet(instructions="Read this first.")))
    assert "The wording was replaced." in run(file)
    assert [each.words.instructions for each in offered()] == ["Read this first."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "not UTF-8 (at byte 0)"),
        (b"scale = ", "no TOML"),
        (b"# " + b"x" * 300_000, "larger than 256 KB"),
        (toml(sheet(licence=None)).encode(), "licence: missing"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(toml(sheet()))
    run(good)
    before = ScaleWording.objects.values().get()
    if content is not None:
        bad.write_bytes(content)
    with pytest.raises(CommandError, match=re.escape(told)):
        run(bad)
    assert ScaleWording.objects.values().get() == before


@pytest.mark.django_db
def test_a_folder_is_no_wording(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path)
