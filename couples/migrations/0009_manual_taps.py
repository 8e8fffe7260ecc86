from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F


def name_each_after_itself(apps: Any, _schema_editor: Any) -> None:
    """An entry from before has no tap; its own id is as good a key."""
    apps.get_model("couples", "ManualEntry").objects.update(client_key=F("id"))


class Migration(migrations.Migration):
    dependencies = [("couples", "0008_thirds_never_agreed_on")]

    operations = [
        migrations.AddField("manualentry", "revision", models.PositiveIntegerField(default=1)),
        migrations.AddField("manualentry", "client_key", models.UUIDField(null=True)),
        migrations.RunPython(name_each_after_itself, migrations.RunPython.noop),
        migrations.AlterField("manualentry", "client_key", models.UUIDField()),
        migrations.AddConstraint(
            "manualentry",
            models.UniqueConstraint(fields=["person", "client_key"], name="one_manual_entry_a_tap"),
        ),
    ]
