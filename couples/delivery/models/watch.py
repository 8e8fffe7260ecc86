"""What is known of the worker: one row, by the database's clock."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Watch(models.Model):
    """When a worker last took work, and since when it has been told that none does.

    There is one row, made by whoever looks first: the watch begins when somebody looks. The
    `told` columns make each trouble be told once, whichever of many processes notices it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)
    seen_at = models.DateTimeField()
    silence_told_at = models.DateTimeField(null=True)
    lateness_told_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Watch]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(name="one_watch", condition=Q(only=True))]

    def __str__(self) -> str:
        return f"worker seen at {self.seen_at:%F %T}"
