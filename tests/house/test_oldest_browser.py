"""No script leans on what the oldest browser lacks that docs/decisions/the-oldest-browser.md names.

The list is kept by hand: what has come since March 2022 to any of the three engines and is tempting
here. tests/browser/test_oldest_browser.py takes as much of it as a page can be robbed of away.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.static_files import as_sent

ROOT = Path(__file__).parents[2]
SCRIPTS = [*sorted((ROOT / "static").rglob("*.js")), ROOT / "templates" / "couples" / "sw.js"]

YOUNGER = {
    "AbortSignal.timeout": r"AbortSignal\s*\.\s*(timeout|any)\b",
    "findLast": r"\.findLast(Index)?\(",
    "copying changes of arrays": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "grouping": r"\b(Object|Map)\.groupBy\b",
    "Array.fromAsync": r"\bArray\.fromAsync\b",
    "promises with their keys": r"\bPromise\.(withResolvers|try)\b",
    "set algebra": r"\.(union|intersection|difference|isSubsetOf|isSupersetOf|isDisjointFrom)\(",
    "iterator helpers": r"\bIterator\.from\b|\.(values|keys|entries)\(\)\s*\.(map|filter|find)\(",
    "URL.canParse": r"\bURL\.(canParse|parse)\b",
    "requestSubmit": r"\.requestSubmit\(",
    "requestIdleCallback": r"\brequestIdleCallback\b",
    "a scheduler": r"\bscheduler\.",
    "the navigation API": r"(?<![\"'\w])navigation\.(navigate|addEventListener|currentEntry)",
    "popovers": r"\.(show|hide|toggle)Popover\(|popover=",
    "inert": r"\.inert\b",
    "moveBefore": r"\.moveBefore\(",
    "setHTMLUnsafe": r"\.(setHTML|setHTMLUnsafe|getHTML)\(",
    "view transitions": r"startViewTransition",
    "urlpattern": r"\bURLPattern\b",
    ":has() in a question": r"(querySelector(All)?|matches|closest)\([^)]*:has\(",
    "looking back in a pattern": r"\(\?<[=!]",
    "the v flag": r"/[dgimsuy]*v[dgimsuy]*[.,;)\s]",
    "static blocks": r"\bstatic\s*\{",
    "import attributes": r"\bimport\b[^;]*\bwith\s*\{",
    "using": r"\b(await\s+)?using\s+\w+\s*=",
}

EXAMPLES = [
    "fetch(url, { signal: AbortSignal.timeout(9) })",
    "taps.findLast((tap) => tap.day)",
    "form.requestSubmit()",
    "document.querySelector('form:has([name=then])')",
    r"/(?<!not )sorry/.test(words)",
    "class Tap { static { this.all = []; } }",
    "taps.toSorted()",
]


def found(script: str) -> list[str]:
    """Return what of the list stands in a script."""
    return [name for name, pattern in YOUNGER.items() if re.search(pattern, script)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_leans_on_nothing_younger_than_the_oldest_browser(script: Path) -> None:
    assert found(as_sent(f"{script.parent.name}/{script.name}", script.read_bytes()).decode()) == []


def test_no_hint_looks_back() -> None:
    """Its pattern is read by the phone too (repairs/hints.py)."""
    assert not re.search(
        YOUNGER["looking back in a pattern"], (ROOT / "repairs/hints.toml").read_text()
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_list_finds_what_it_names(example: str) -> None:
    assert found(example)
