"""`manage.py vapid_keys`: prints a new pair of keys for web push."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from couples.delivery.vapid import new_pair


class Command(BaseCommand):
    """Prints the two lines that turn push on; keeps nothing."""

    help = "Print a new pair of keys for web push, as lines for the environment."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the pair."""
        pair = new_pair()
        self.stdout.write(f"VAPID_PRIVATE_KEY={pair.private}")
        self.stdout.write(f"VAPID_PUBLIC_KEY={pair.public}")
