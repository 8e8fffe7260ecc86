"""Logs: one line an event, with ids and never content.

Everything that logs in a process of ours (Django, Celery, granian, libraries) ends in the one
formatter below. It drops what may carry somebody's words: the message of an exception (a database
repeats the row it refused), the path of a request (an invitation is a path), an address. Our own
events are a sentence and named ids: `log.info("promise settled", reminder=…, outcome=…)`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from django.views.debug import SafeExceptionReporterFilter
from structlog.typing import EventDict, Processor

ROOT = Path(__file__).resolve().parent.parent

FIRST = ["timestamp", "level", "event"]
"""What stands first in a line that people read."""

FRAMES = 6
"""Places named of a failure, the innermost first."""

SPEAKS = {"ImproperlyConfigured"}
"""Exceptions whose message is always ours, and says what to do."""

QUIET = {
    # A line for each tick would bury everything else; what a tick did is said by itself.
    "celery.app.trace": "WARNING",
    "celery.beat": "WARNING",
    "celery.worker.strategy": "WARNING",
    # Their debugging shows what is sent and to whom.
    "django.db.backends": "INFO",
    "django.template": "INFO",
    "pywebpush": "INFO",
    "urllib3": "INFO",
}
"""The least that these may say, however much is asked for."""

ADDRESS = re.compile(r"[^\s<>\"'=:,;()\[\]]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
CREDENTIALS = re.compile(r"(\w://)[^/\s\"']*@")
PATH = re.compile(r"(https?://[^/\s\"']+/)[^\s\"']+")


def logged(*, level: str, form: str) -> dict[str, Any]:
    """Return Django's LOGGING, and have structlog's events take the same way out.

    `form` is "plain" (key=value, for people) or "json"; raises ValueError for anything else.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_known(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _renderer(form)
    floor = logging.getLevelNamesMapping()
    quiet = {
        name: {"level": max(least, level.upper(), key=lambda each: floor[each])}
        for name, least in QUIET.items()
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        # Django would mail failures to ADMINS, with everything that was posted.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.request": {"filters": ["everyday"]},
            **quiet,
        },
        "filters": {"everyday": {"()": Everyday}},
        "root": {"handlers": ["console"], "level": level.upper()},
    }


def formatter(form: str | None = None) -> logging.Formatter:
    """Return what makes one line of a record; without `form` the environment names it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_known(), _foreign],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _failure,
            _harmless,
            _renderer(form or os.environ.get("LOG_FORMAT") or "plain"),
        ],
        pass_foreign_args=True,
    )


class Everyday(logging.Filter):
    """Takes what Django warns of for what it is: a slip in a form, or a tap that came twice.

    Only what we failed at (5xx) is a line to worry about; 4xx are told at the level INFO.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Lower such a record; drop it where nobody asked for that much."""
        if getattr(record, "status_code", 500) >= 500:
            return True
        record.levelno, record.levelname = logging.INFO, "INFO"
        return logging.getLogger().isEnabledFor(logging.INFO)


class NoSecrets(SafeExceptionReporterFilter):
    """Hides from Django's reports of errors what its own rule does not know to be secret.

    Nothing makes such reports here; whoever turns them on for a day finds no password in them.
    """

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|URL|MAILERS|DATABASES",
        flags=re.IGNORECASE,
    )


def _known() -> list[Processor]:
    """What is known of every event: when, how grave, by whom, and in which request or tick."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderer(form: str) -> Processor:
    match form:
        case "plain":
            return structlog.processors.LogfmtRenderer(key_order=FIRST, bool_as_flag=False)
        case "json":
            return structlog.processors.JSONRenderer(default=str)
        case _:
            raise ValueError(f"LOG_FORMAT is {form!r}; it can be plain or json.")


def _foreign(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Make an event of a record that a library wrote, without what it may have put in."""
    record: logging.LogRecord = event["_record"]
    args = event.pop("positional_args", ())
    request, task = getattr(record, "request", None), getattr(record, "data", None)
    if request is not None and hasattr(request, "resolver_match"):
        # Its message is the path, and the path of an invitation is the invitation.
        match = request.resolver_match
        event["event"] = f"answered {getattr(record, 'status_code', 'a request')}"
        event["method"], event["route"] = request.method, match.route if match else None
        event["request"] = getattr(request, "number", None)
    elif isinstance(task, dict) and "description" in task:
        event["event"] = f"task {task['description']}"
        event["task"], event["id"] = task.get("name"), task.get("id")
    elif any(isinstance(arg, BaseException) for arg in args):
        bare = [type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in args]
        event["event"] = str(record.msg) % tuple(bare)
    # The first line says what; what follows is drawings and representations of objects.
    event["event"] = str(event["event"]).strip().partition("\n")[0]
    return event


def _failure(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Say of an exception what it was and where, and not what it says."""
    told = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if not told:
        return event
    error = _raised(told)
    if error is None:
        return event
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    event["error"] = " < ".join(type(each).__name__ for each in chain)
    frames = traceback.extract_tb(error.__traceback__)[::-1][:FRAMES]
    event["at"] = " < ".join(f"{_place(each.filename)}:{each.lineno}" for each in frames)
    states = [getattr(each, "sqlstate", None) for each in chain]
    event["sqlstate"] = next(filter(None, states), None)
    if type(error).__name__ in SPEAKS:
        event["why"] = str(error)
    return event


def _raised(told: object) -> BaseException | None:
    """Return the exception that `exc_info` stands for, in each of its forms."""
    if isinstance(told, tuple):
        told = told[1]
    return told if isinstance(told, BaseException) else sys.exc_info()[1]


def _place(filename: str) -> str:
    """Return the path of a module: of ours from the root, of a library from its name."""
    path = Path(filename)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def _harmless(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The last wall: no address leaves, no path of another host, and no second line."""
    return {str(name): _bare(value) for name, value in event.items() if value is not None}


def _bare(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(str(_bare(each)) for each in value)
    said = CREDENTIALS.sub(r"\1…@", str(value))
    said = PATH.sub(r"\1…", ADDRESS.sub("[address]", said))
    return "".join(letter if letter.isprintable() else " " for letter in said)
