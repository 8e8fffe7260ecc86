"""What Celery runs. The beat's one tick finds whatever is due."""

import uuid

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError
from structlog.contextvars import bound_contextvars

from couples.delivery import claim, watchdog
from couples.registry import registered

log = structlog.stdlib.get_logger(__name__)


@shared_task(name="couples.delivery.tasks.tick")
def tick() -> None:
    """Keep every promise that is due, then delete what was kept for some hours alone."""
    with bound_contextvars(tick=uuid.uuid4().hex[:12]):
        watchdog.sign()
        claim.tick()
        for sweep in registered("SWEEPS"):
            try:
                sweep()
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                # One broken sweep must not hold up the others, tick after tick.
                log.exception("not swept", sweep=sweep.__module__)
        watchdog.sign()
