"""What somebody is sent, without what differs each time a page is drawn."""

from __future__ import annotations

import re

FRESH = re.compile(
    r'value="[0-9a-zA-Z]{64}"'  # a token of a form
    r'|value="[0-9a-f-]{36}"'  # the key of a tap
    r'|"x-csrftoken": "\w+"'
    r'|data-day-left="\d+"'  # seconds
)


def steady(page: str) -> str:
    """Return a page without its tokens and keys."""
    return FRESH.sub("", page)
