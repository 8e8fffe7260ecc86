"""Celery as in production, with a tick every half second: `celery -A tests.faults.hurried`."""

import os

from config.celery import app

TICK = float(os.environ.get("FAULTS_TICK", "0.5"))
"""Seconds."""

app.conf.beat_schedule["tick"]["schedule"] = TICK

__all__ = ["app"]
