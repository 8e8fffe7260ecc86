"""Celery: a hint that there may be work. PostgreSQL alone knows what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hifirst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["couples.delivery"])
