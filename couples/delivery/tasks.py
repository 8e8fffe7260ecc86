"""What Celery runs. The beat's one tick finds whatever is due."""

import uuid

from celery import shared_task
from structlog.contextvars import bound_contextvars

from couples.delivery import claim, watchdog
from couples.registry import registered


@shared_task(name="couples.delivery.tasks.tick")
def tick() -> None:
    """Keep every promise that is due, then delete what was kept for some hours alone."""
    with bound_contextvars(tick=uuid.uuid4().hex[:12]):
        watchdog.sign()
        claim.tick()
        for sweep in registered("SWEEPS"):
            sweep()
        watchdog.sign()
