from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q


def know_what_was_in_force(apps: Any, _schema_editor: Any) -> None:
    """A thing was in force as soon as it was named; of a person let go nobody can tell any more."""
    thirds = apps.get_model("couples", "Third").objects
    thirds.filter(stage="in_force").update(was_in_force=True)
    thirds.filter(stage="let_go", is_person=False).update(was_in_force=True)
    thirds.filter(stage="let_go", is_person=True).update(label=None)


class Migration(migrations.Migration):
    dependencies = [("couples", "0007_thirds")]

    operations = [
        migrations.AddField("third", "was_in_force", models.BooleanField(default=False)),
        migrations.RunPython(know_what_was_in_force, migrations.RunPython.noop),
        migrations.RemoveConstraint("third", "a_third_is_proposed_in_force_or_let_go"),
        migrations.AddConstraint(
            "third",
            models.CheckConstraint(
                name="a_third_is_proposed_in_force_or_let_go",
                condition=Q(
                    stage="proposed",
                    was_in_force=False,
                    is_person=True,
                    named_by__isnull=False,
                    agreed_by=None,
                    since=None,
                    closed_on=None,
                )
                | Q(
                    stage="in_force",
                    was_in_force=True,
                    named_by__isnull=False,
                    since__isnull=False,
                    closed_on=None,
                )
                | Q(
                    stage="let_go",
                    named_by=None,
                    agreed_by=None,
                    since=None,
                    closed_on__isnull=False,
                ),
            ),
        ),
        migrations.AddConstraint(
            "third",
            models.CheckConstraint(
                name="a_third_never_agreed_on_leaves_no_name",
                condition=~Q(stage="let_go", was_in_force=False) | Q(label__isnull=True),
            ),
        ),
    ]
