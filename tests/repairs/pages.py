"""What somebody is sent, without what differs each time a page is drawn."""

from __future__ import annotations

import re

FRESH = re.compile(
    r'value="[0-9a-zA-Z]{64}"'  # a token of a form
    r'|value="[0-9a-f-]{36}"'  # the key of a tap
    r'|"x-csrftoken": "\w+"'
)
KEPT = re.compile(r"(?<=[a-z]-)([0-9a-f]{8}-[0-9a-f-]{27}-\w+?)-\d+")
"""What is being typed is kept under a name that changes with every step of one's own."""


def steady(page: str) -> str:
    """Return a page without its tokens and keys."""
    return KEPT.sub(r"\1", FRESH.sub("", page))
