"""Static files as they travel: hashed, compressed, and scripts without what only a reader needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile, File
from rjsmin import jsmin  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

PART = re.compile(r"""\bimport\s*["']\./([\w-]+\.js)["'];""")
"""A script that does no more than stand among others: `import "./live.js";`."""

IN_ITS_OWN_ROOM = "try{%s}catch(problem){reportError(problem)}"
"""What a module of its own gives a script: its own names, and a fault in it stops no other."""


def as_sent(name: str, content: bytes) -> bytes:
    """Return what is sent of a file: all of it, but of a script neither comments nor blanks.

    A script's parts travel inside it, in their order: one file compresses better than seven do, and
    comes at once. Parts import and export nothing.
    """
    if not name.endswith(".js") or name.endswith(".min.js"):
        return content
    lean: str = jsmin(content.decode())
    whole = PART.sub(lambda part: IN_ITS_OWN_ROOM % _part(Path(name).parent / part[1]), lean)
    return whole.encode()


def _part(name: Path) -> str:
    found = finders.find(str(name))
    if not found:
        raise FileNotFoundError(name)
    return as_sent(name.name, Path(found).read_bytes()).decode()


class LeanStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Collects scripts lean: their comments weigh a third of them, and a phone reads none."""

    def save(self, name: str, content: File[Any], max_length: int | None = None) -> str:
        """Save one file under its name, and return the name."""
        sent = ContentFile(as_sent(name, content.read()))
        saved: str = super().save(name, sent, max_length)
        return saved
