"""The settings of the house, in a hurry: short patience, and a push service here.

Processes that a fault is done to run with these; everything else is as it is in production.
"""

from typing import Any

from config.settings import *  # noqa: F403 - all of them, but for what follows
from config.settings import MAILERS, REMINDER_SOURCES, STORAGES, env

# The only source whose promises are wanted whatever happens; those of the rooms stay beside it.
REMINDER_SOURCES = [*REMINDER_SOURCES, "tests.couples.delivery.promises.PlannedReminders"]

_mail: dict[str, Any] = dict(MAILERS["default"])
_options = {**_mail["OPTIONS"], "timeout": env.float("FAULTS_SMTP_TIMEOUT", 10.0)}
MAILERS = {"default": {**_mail, "OPTIONS": _options}}

PUSH_SERVICES = (env.str("FAULTS_PUSH_ORIGIN", "http://127.0.0.1:1"),)

# Files as they lie in the tree: nobody looks at them here.
_plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = {**STORAGES, "staticfiles": _plain}
