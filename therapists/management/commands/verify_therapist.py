"""Verify a therapist's licence, or take the verification back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from couples.accounts.typed import typed
from therapists.models import Therapist


class Command(BaseCommand):
    """The operator's word that a licence was checked; no page in the app can say it."""

    help = (
        "Let a therapist link couples after you have checked their licence with the body that "
        "issued it. Shows what they wrote in their application, and nothing else of theirs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the e-mail address of the therapist's login."""
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument(
            "--withdraw",
            action="store_true",
            help="take the verification back; every link of theirs shows nothing from then on",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Change the verification and say what it is now; raises CommandError for nobody."""
        email = typed(options["email"])
        practice = Therapist.objects.select_related("person__key").filter(person__email=email)
        found = practice.first()
        if found is None:
            raise CommandError(f"{email} has not asked for a therapist's account.")
        self.stdout.write(f"Name:    {found.name}")
        self.stdout.write(f"Licence: {found.licence}")
        self.stdout.write(f"Place:   {found.place}")
        if options["withdraw"]:
            changed = found.withdraw_verification()
            state = "not verified: nothing can be linked or seen"
        else:
            changed = found.verify()
            state = "verified"
        self.stdout.write(f"{'Now' if changed else 'Already'} {state}.")
