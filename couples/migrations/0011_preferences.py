from __future__ import annotations

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("couples", "0010_push_subscriptions"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="reached",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="quiet_from",
            field=models.TimeField(default=datetime.time(21, 30)),
        ),
        migrations.AddField(
            model_name="person",
            name="quiet_until",
            field=models.TimeField(default=datetime.time(7, 30)),
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=32)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("push", "Push"),
                            ("email", "E-mail"),
                            ("none", "Off"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind"), name="one_preference_a_kind")
                ],
            },
        ),
    ]
