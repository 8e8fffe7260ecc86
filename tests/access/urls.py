"""Every URL of the project, found by walking the resolver: a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Place:
    """One URL: its name, the names of what its path takes, and the view behind it."""

    name: str
    takes: tuple[str, ...]
    view: Callable[..., Any]


def places() -> list[Place]:
    """Return every URL of the project, the libraries' included."""
    return list(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, taken: tuple[str, ...], space: str) -> Iterator[Place]:
    for pattern in resolver.url_patterns:
        takes = (*taken, *pattern.pattern.converters)
        if isinstance(pattern, URLPattern):
            yield Place(f"{space}{pattern.name or pattern.pattern}", takes, pattern.callback)
        else:
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, takes, f"{space}{inside}")
