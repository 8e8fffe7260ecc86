"""The steps between the servers and the site, in one process: Django is slow to wake.

`python -m config.servers.prepare tables` (or `static`)
"""

import os
import sys

import django
from django.core.management import call_command


def prepare(step: str) -> None:
    """Collect the static files; make the tables and put in the demo couple, if not there yet."""
    if step == "static":
        call_command("collectstatic", interactive=False, clear=True)
    elif step == "tables":
        call_command("migrate", interactive=False)
        call_command("demo")
        say_clocks()


def say_clocks() -> None:
    """Print how old the rules of clocks are, and whether the database has others.

    `make run` shows the lines that begin with "Clocks".
    """
    from couples import zone_checks

    print(zone_checks.rules_in_words())
    for each in zone_checks.rules_are_the_same_everywhere(databases=["default"]):
        print(f"Clocks differ: {each.msg}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare(sys.argv[1])
