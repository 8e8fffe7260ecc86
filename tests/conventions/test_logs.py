"""What an event in the log may carry, read from the syntax trees: ids, kinds and counts."""

from __future__ import annotations

import ast

from tests.conventions.trees import calls, of_rooms

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "logger", "say"}
CARRIED = {
    *("reminder", "delivery", "kind", "channel", "outcome", "attempt", "late_seconds"),
    *("seconds", "streams", "errors", "reason", "repair", "sweep"),
}
"""Ids, choices, counts, and kinds of errors. No person, no address, no word."""


def logged() -> list[tuple[str, ast.Call]]:
    """Return every call that logs, with its file."""
    found = []
    for path, tree in of_rooms().items():
        for name, call in calls(tree):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
            if isinstance(owner, ast.Name) and owner.id in LOGGERS and name in {*LEVELS, "say"}:
                found.append((path, call))
    return found


def test_the_rooms_log_something() -> None:
    assert len(logged()) > 10


def test_an_event_is_a_sentence_of_ours() -> None:
    assert not [
        (path, ast.unparse(call))
        for path, call in logged()
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]


def test_an_event_carries_nothing_but_what_is_named_here() -> None:
    carried = {
        (path, keyword.arg)
        for path, call in logged()
        for keyword in call.keywords
        if keyword.arg is not None and keyword.arg not in CARRIED
    }
    assert not carried
