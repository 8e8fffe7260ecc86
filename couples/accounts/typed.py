"""An address on a command line."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from couples.accounts.addresses import normal


def typed(address: str) -> str:
    """Return an address in its one form; raises CommandError for what is none."""
    try:
        return normal(address)
    except ValidationError as error:
        raise CommandError(f"{address}: {' '.join(error.messages)}") from error
