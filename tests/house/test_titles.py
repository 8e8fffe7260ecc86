"""A title outlives its page in a browser's history: all of ours are the same."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
TITLE = re.compile(r"<title>(.*?)</title>|{% block (?:head_)?title %}")


def test_no_page_is_titled_with_what_it_is() -> None:
    found = {
        str(page.relative_to(TEMPLATES)): TITLE.search(page.read_text())
        for page in TEMPLATES.rglob("*.html")
        if page.parent.name != "admin"  # the operator's, which hold nobody's words
    }
    titles = {page: title[1] for page, title in found.items() if title}
    assert titles == {
        "base.html": "Hi First",
        "emails/waiting.html": "Hi First",
        "left.html": "…",
    }
