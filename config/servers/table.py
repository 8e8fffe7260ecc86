"""The processes of Hi First, once.

`make run` starts from this table, docker-compose.yml repeats it, and tests/house/test_compose.py
holds the two together.
"""

from dataclasses import dataclass

APP = (
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MAIL_FROM",
    "PAGES_AT_ONCE",
    "REDIS_URL",
    "SECRET_KEY",
    "SMTP_URL",
    "TRUSTED_PROXIES",
    "VAPID_PRIVATE_KEY",
    "VAPID_PUBLIC_KEY",
    "VAULT_KEYS",
    "WEB_WORKERS",
    "WORKER_PROCESSES",
)
"""Names that config/settings.py reads."""

SERVER = ("GRANIAN_HOST", "GRANIAN_LOG_CONFIG", "GRANIAN_PORT", "GRANIAN_WORKERS")
"""Names that granian reads: where it listens, how it logs, and with how many processes."""

GRANIAN_LOGS = "config/granian.json"
"""Its logging, which ends in the same formatter as ours (config/logs.py)."""

LOCAL = ("DEMO", "GRANIAN_LOG_LEVEL", "PYTHONWARNINGS", "STATIC_DIR")
"""Names that a run on one's own machine sets besides."""


@dataclass(frozen=True)
class Process:
    """One long-running process of ours: what it is called, started with, and told."""

    name: str
    command: tuple[str, ...]
    environment: tuple[str, ...]
    in_run: bool
    """Started by `make run`."""
    in_production: bool
    """A service of docker-compose.yml."""


# These threads wait for slow phones and for one of the few that answer (PAGES_AT_ONCE).
_pages = (
    *("granian", "--interface", "wsgi"),
    *("--blocking-threads", "128", "--backpressure", "512"),
    "config.wsgi:application",
)
# Each open page is a connection; unless told otherwise granian lets in about a thousand.
_MANY = ("--backpressure", "20000")
_live = ("granian", "--interface", "asgi", *_MANY, "config.asgi:live")
_site = ("granian", "--interface", "asgi", *_MANY, "config.asgi:application")
_worker = ("celery", "--quiet", "-A", "config", "worker")
# One static schedule needs no file to remember it by.
_beat = ("celery", "--quiet", "-A", "config", "beat", "--scheduler", "celery.beat:Scheduler")

PROCESSES = (
    Process("web", _pages, APP + SERVER, in_run=False, in_production=True),
    Process("live", _live, APP + SERVER, in_run=False, in_production=True),
    Process("site", _site, APP + SERVER, in_run=True, in_production=False),
    Process("worker", _worker, APP, in_run=True, in_production=True),
    Process("beat", _beat, APP, in_run=True, in_production=True),
)
