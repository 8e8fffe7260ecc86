"""The sentences of `apologies.toml`, and those that each hint brings itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

from repairs.hints import hints

_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())

GOOD: list[str] = _FILE["good"]
"""Good apologies: they raise nothing."""

RAISED: list[tuple[str, str]] = [
    (text, name) for name, texts in _FILE["raised"].items() for text in texts
]
"""What undoes an apology, and the id of the first hint it raises."""

BROUGHT: list[str] = [text for hint in hints() for text in (*hint.raised_by, *hint.not_raised_by)]
"""The examples in `hints.toml`."""
