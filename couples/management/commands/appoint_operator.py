"""Let somebody see the operator's page, or let them see it no more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from couples.accounts.typed import typed
from couples.models import Person


class Command(BaseCommand):
    """Changes who is staff; no page in the app can."""

    help = (
        "Let somebody who has signed up see the operator's page, once they have set up a second "
        "factor. It shows how delivery is doing, and nobody's words."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the e-mail address of their login."""
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--end", action="store_true", help="let them see it no more")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Change it and say how it is now; raises CommandError for nobody."""
        email = typed(options["email"])
        found = Person.objects.filter(email=email)
        if not found.update(is_staff=not options["end"]):
            raise CommandError(f"{email} has no login here; they sign up as everybody does.")
        state = "no operator any more" if options["end"] else "an operator: see /operator/"
        self.stdout.write(f"{email} is {state}.")
