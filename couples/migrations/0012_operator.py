import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("couples", "0011_preferences"),
    ]

    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("seen_at", models.DateTimeField()),
                ("silence_told_at", models.DateTimeField(null=True)),
                ("lateness_told_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="reminder",
            name="put_back_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["ended_at"],
                name="delivery_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)),
                fields=["settled_at", "outcome"],
                name="reminder_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.CheckConstraint(condition=models.Q(("only", True)), name="one_watch"),
        ),
    ]
