"""On which way somebody wants to be told of what."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from couples.models.person import Person


class Way(models.TextChoices):
    """How a reminder reaches somebody."""

    PUSH = "push", gettext_lazy("Push")
    EMAIL = "email", gettext_lazy("E-mail")
    NONE = "none", gettext_lazy("Off")


class Preference(models.Model):
    """What one person chose for one kind; without a row it is what its source begins with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=32)
    way = models.CharField(max_length=8, choices=Way)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_preference_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.way}"

    @classmethod
    def choose(cls, person: Person, kind: str, way: str) -> None:
        """Keep on which way this person wants to be told of this kind."""
        cls.objects.update_or_create(person=person, kind=kind, defaults={"way": way})

    @classmethod
    def wants_push(cls, person: Person) -> bool:
        """True when this person chose push for something."""
        return cls.objects.filter(person=person, way=Way.PUSH).exists()

    @classmethod
    def of(cls, person: Person) -> dict[str, Way]:
        """Return what this person has chosen so far, by kind; one query."""
        return {each.kind: Way(each.way) for each in cls.objects.filter(person=person)}
