from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Now


def know_those_who_are_here(apps: Any, _schema_editor: Any) -> None:
    """Whoever has a name has begun already; what a couple did last was done by either."""
    people = apps.get_model("couples", "Person").objects.filter(name__isnull=False)
    people.update(mailbox_asked_at=Now(), example_shown_at=Now())
    couple = apps.get_model("couples", "Couple").objects.filter(pk=OuterRef("couple"))
    last = couple.annotate(day=F("last_active_on")).values("day")
    apps.get_model("couples", "Partner").objects.update(active_on=Subquery(last))


class Migration(migrations.Migration):
    dependencies = [("couples", "0005_unique_within_a_couple")]

    operations = [
        migrations.AddField("partner", "active_on", models.DateField(null=True)),
        migrations.AddField("person", "example_shown_at", models.DateTimeField(null=True)),
        migrations.AddField("person", "mailbox_asked_at", models.DateTimeField(null=True)),
        migrations.RunPython(know_those_who_are_here, migrations.RunPython.noop),
    ]
