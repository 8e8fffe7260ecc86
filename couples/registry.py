"""How a lower room reaches a higher one: dotted paths in the settings, one list per kind.

Imports run one way only (config → pages → therapists → repairs → rituals → couples). What has to be
asked in the other direction is named in the settings and found here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def registered(kind: str) -> list[Callable[..., Any]]:
    """Return what the settings list under `kind`, in that order; a bad path fails loudly."""
    return _load(tuple(getattr(settings, kind)))


@cache
def _load(paths: tuple[str, ...]) -> list[Callable[..., Any]]:
    return [import_string(path) for path in paths]
