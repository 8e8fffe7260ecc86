"""Modules import one way: from the top floor down, and never in a circle.

The floors are held by import-linter (pyproject.toml); circles, also those for type checking alone,
are looked for here.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from tests.conventions.trees import ROOMS


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules of one circle, the first of them again at its end; empty without one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        modules: list[str] = found.args[1]
        return modules
    return []


def test_no_module_is_imported_by_what_it_imports() -> None:
    graph = grimp.build_graph("config", *ROOMS, cache_dir=None)
    imports = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    assert len(imports) > 300
    assert "couples.days" in imports["couples.models.couple"]
    assert circle(imports) == []


@pytest.mark.parametrize(
    ("graph", "found"), [({"a": {"b"}, "b": set()}, False), ({"a": {"b"}, "b": {"a"}}, True)]
)
def test_a_circle_is_found(graph: dict[str, set[str]], found: bool) -> None:
    assert bool(circle(graph)) is found
