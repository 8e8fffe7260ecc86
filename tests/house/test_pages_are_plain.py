"""What the browser's walls forbid stands in no template, and the first visit stays light."""

import re
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import django_htmx
import pytest

from config.static_files import PART, as_sent

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

FORBIDDEN = {
    "an inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "code in an htmx attribute": re.compile(r"\shx-on|js:|javascript:", re.IGNORECASE),
    "another host": re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE),
}
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
PAGE = ROOT / "static" / "js" / "page.js"  # what every page loads, in one file
SCRIPT_LIMIT = 20_900  # bytes on the wire, htmx included
FIRST_VISIT_LIMIT = 60_000  # bytes on the wire: scripts, styles, icons


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_inline(template: Path) -> None:
    text = template.read_text()
    assert not [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def scripts() -> Iterator[Path]:
    """All scripts a page can load, as if it loaded every one."""
    yield HTMX
    yield from (ROOT / "static" / "js").glob("*.js")


def weight(files: Iterator[Path]) -> int:
    """Bytes of the files as they travel: scripts lean, each compressed with brotli."""
    return sum(len(brotli.compress(sent(file))) for file in files)


def sent(file: Path) -> bytes:
    """The file as it travels; of ours a script brings its parts along."""
    return as_sent(f"{file.parent.name}/{file.name}", file.read_bytes())


def with_parts(scripts: set[Path]) -> set[Path]:
    """The scripts, and those that travel inside them."""
    parts = {each.parent / name for each in scripts for name in PART.findall(each.read_text())}
    return scripts | parts


def scripts_of(page: Path) -> set[Path]:
    """Scripts that a page loads: its own, and those of every page."""
    named = (ROOT / "templates" / "base.html").read_text() + page.read_text()
    return {ROOT / "static" / name for name in re.findall(r"{% static '(js/[^']+)' %}", named)}


def test_the_scripts_of_any_page_stay_within_their_limit() -> None:
    """A first visit may begin anywhere; no page loads every script we have."""
    pages = {page: scripts_of(page) for page in TEMPLATES}
    assert with_parts(set().union(*pages.values())) == set(scripts()) - {HTMX}
    weights = {page: weight(iter([HTMX, *own])) for page, own in pages.items()}
    assert {page: each for page, each in weights.items() if each > SCRIPT_LIMIT} == {}


def test_everything_beside_the_page_itself_leaves_room_for_it() -> None:
    styles = (ROOT / "static" / "css").glob("*.css")
    icons = (ROOT / "static" / "icons").glob("*.svg")
    rest = weight(styles) + weight(icons)
    apart = set(scripts()) - with_parts({PAGE}) | {PAGE}
    assert weight(iter(apart)) + rest <= FIRST_VISIT_LIMIT - 15_000


def test_the_parts_of_a_script_travel_inside_it_and_stand_apart_there() -> None:
    whole = sent(PAGE).decode()
    parts = PART.findall(PAGE.read_text())
    assert len(parts) > 1
    assert not PART.search(whole)
    for name in parts:
        part = sent(PAGE.parent / name).decode()
        assert f"try{{{part}}}catch" in whole
        assert not re.search(r"^(import|export)\b", part, re.MULTILINE), name
    assert whole.count("try{") >= len(parts)


def test_a_part_that_is_missing_stops_the_collecting() -> None:
    with pytest.raises(FileNotFoundError):
        as_sent("js/page.js", b'import "./no-such-part.js";')
