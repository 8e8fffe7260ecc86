"""Add the wording of a published scale, from a file copied off its authors' sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rituals.felt.scales import WordingRefused, definitions
from rituals.models import ScaleWording

LARGEST = 256 * 1024
"""Bytes of one file: many times the longest scale."""


class Command(BaseCommand):
    """The operator's way to offer a scale here; no page in the app can do it."""

    help = (
        "Add the wording of a published scale, so that it is offered here. The wording belongs to "
        "its authors: copy it from their sheet into a TOML file (docs/published-scales.md), with "
        "what the sheet says about its use. Run again it replaces the wording."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="the TOML file with the wording")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check the whole file and keep it; raises CommandError, with nothing kept."""
        file: Path = options["file"]
        try:
            kept, replaced = ScaleWording.add(_read(file))
        except WordingRefused as refused:
            raise CommandError(f"{file}: nothing was added.\n{refused}") from refused
        name = definitions()[kept.scale].name
        done = "The wording was replaced" if replaced else "It is offered from now on"
        self.stdout.write(f"{name}: {len(kept.words.items)} items. {done}.")


def _read(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as failed:
        raise CommandError(f"{file} cannot be read: {failed.strerror}.") from failed
    if len(raw) > LARGEST:
        raise CommandError(f"{file} is larger than {LARGEST // 1024} KB: this is no scale.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise CommandError(f"{file} is not UTF-8 (at byte {broken.start}).") from broken
