"""Our own code as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("couples", "rituals", "repairs", "therapists")
ROOMS = (*APPS, "pages")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of ours but migrations, by its path from the root."""
    folders = [
        ROOT / name for name in ("config", *ROOMS, "tests", "bench") if (ROOT / name).exists()
    ]
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    kept = [file for file in files if "migrations" not in file.parts]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text()) for file in kept}


def of_rooms() -> dict[str, ast.Module]:
    """Return the modules of the rooms."""
    return {path: tree for path, tree in trees().items() if path.startswith(ROOMS)}


def of_views() -> dict[str, ast.Module]:
    """Return the modules in which views stand."""
    return {
        path: tree
        for path, tree in of_rooms().items()
        if path.startswith("pages/") or "views" in Path(path).with_suffix("").parts
    }


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with the last part of the name that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name | ast.Attribute):
                yield called.id if isinstance(called, ast.Name) else called.attr, node


def called_name(node: ast.expr) -> str:
    """Return the last part of the name of a decorator or of what a call calls."""
    called = node.func if isinstance(node, ast.Call) else node
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
