"""What we agreed on, read from the syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tests.conventions.trees import (
    ROOMS,
    ROOT,
    Function,
    called_name,
    calls,
    of_rooms,
    of_views,
    trees,
)

LONGEST_FILE, LONGEST_FUNCTION = 450, 40


# --- Size and place --------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    lines = {path: len((ROOT / path).read_text().splitlines()) for path in trees()}
    assert not {path: count for path, count in lines.items() if count > LONGEST_FILE}


def test_no_function_is_too_long() -> None:
    assert not [
        (path, node.name)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]


def test_no_room_has_a_drawer_for_everything() -> None:
    drawers = {"services", "utils", "helpers", "helper", "util", "common", "misc", "signals"}
    assert not [path for path in trees() if drawers & {*Path(path).with_suffix("").parts}]


SIGNALS = {
    # Ending another device's session sends no other signal (couples/live/publisher.py).
    "couples/apps.py": {"post_delete"},
}
SIGNAL_NAMES = {f"{when}_{what}" for when in ("pre", "post") for what in ("save", "delete", "init")}


def test_nothing_happens_behind_a_signal() -> None:
    found = {}
    for path, tree in of_rooms().items():
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if used := names & {*SIGNAL_NAMES, "m2m_changed", "receiver"}:
            found[path] = used
    assert found == SIGNALS


def test_no_model_saves_more_than_itself() -> None:
    """Only a person's `save` does anything: it seals the name after the key has its owner."""
    own = {
        (path, cls.name)
        for path, tree in of_rooms().items()
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef)
        for node in cls.body
        if isinstance(node, Function) and node.name in {"save", "delete"}
    }
    assert own == {("couples/models/person.py", "Person")}


# --- Who may enter ---------------------------------------------------------------------------


def _views(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _views(pattern)


def test_every_address_declares_a_gate() -> None:
    bare = [each.name for each in _views(get_resolver()) if not hasattr(each.callback, "gate")]
    assert not bare


def test_every_view_declares_its_gate_first_and_its_methods_next() -> None:
    """A view's first decorator is `enter(...)`; then come the methods it takes."""
    takes = {"require_safe", "require_POST", "require_http_methods"}
    wrong = []
    for path, tree in of_views().items():
        for node in ast.walk(tree):
            if not isinstance(node, Function) or not node.decorator_list:
                continue
            names = [called_name(each) for each in node.decorator_list]
            if set(names) & {*takes, "enter"} and (names[0] != "enter" or not takes & set(names)):
                wrong.append((path, node.name, names))
    assert not wrong


def test_every_name_in_an_address_is_a_uuid_or_a_token() -> None:
    allowed = {"UUIDConverter", "StringConverter"}
    for each in _views(get_resolver()):
        if not each.callback.__module__.startswith(ROOMS):
            continue
        for name, converter in each.pattern.converters.items():
            assert type(converter).__name__ in allowed, each.name
            assert (name == "token") == (type(converter).__name__ == "StringConverter"), each.name


def test_views_reach_no_object_past_the_viewer() -> None:
    """No view asks a model's own manager, which would know no viewer."""
    allowed = {
        # The practice of the viewer, by `person=request.user.pk`.
        ("therapists/views/practice.py", "Therapist"),
        # Held together with `link__in=request.therapist.links…`.
        ("therapists/views/closings.py", "Closing"),
    }
    found = {
        (path, node.value.id)
        for path, tree in of_views().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
    }
    assert found <= allowed


# --- Words of the interface ------------------------------------------------------------------

SPOKEN = {"label", "help_text", "error_messages", "verbose_name"}
LAZY = {"_", "gettext_lazy", "ngettext_lazy", "format_lazy"}


def test_every_word_of_a_form_is_translated_when_it_is_shown() -> None:
    wrong = []
    for path, tree in of_rooms().items():
        if "forms" not in Path(path).name:
            continue
        eager = [
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for alias in node.names
            if not alias.name.endswith("_lazy")
        ]
        wrong += [(path, name) for name in eager]
        for _called, call in calls(tree):
            for keyword in call.keywords:
                if keyword.arg in SPOKEN:
                    wrong += [(path, text) for text in bare_words(keyword.value)]
    assert not wrong


def bare_words(node: ast.expr) -> list[str]:
    """Return the texts in an expression that no translation function takes."""
    if isinstance(node, ast.Call):
        return (
            []
            if called_name(node) in LAZY
            else [text for arg in node.args for text in bare_words(arg)]
        )
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in bare_words(value)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if node.value.strip() else []
    return []


def test_every_refusal_and_notice_is_translated() -> None:
    wrong = []
    for path, tree in of_rooms().items():
        for name, call in calls(tree):
            told = name.endswith("Refused") and path != "repairs/terms.py"
            notice = name in {"success", "info", "warning", "error"} and _of_messages(call)
            texts = call.args[1:] if notice else call.args
            if (told and name != "Refused") or notice:
                wrong += [(path, text) for arg in texts for text in bare_words(arg)]
    assert not wrong


def _of_messages(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "messages"


# --- Tests -----------------------------------------------------------------------------------


def test_no_test_sleeps() -> None:
    tests = {path: tree for path, tree in trees().items() if path.startswith("tests/")}
    waits = [path for path, tree in tests.items() if "sleep" in {name for name, _ in calls(tree)}]
    # The one that looks again until a deadline.
    assert waits == ["tests/waiting.py"]
