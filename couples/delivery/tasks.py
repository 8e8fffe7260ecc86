"""What Celery runs. The beat's one tick finds whatever is due."""

from celery import shared_task

from couples.delivery import claim
from couples.registry import registered


@shared_task(name="couples.delivery.tasks.tick")
def tick() -> None:
    """Keep every promise that is due, then delete what was kept for some hours alone."""
    claim.tick()
    for sweep in registered("SWEEPS"):
        sweep()
