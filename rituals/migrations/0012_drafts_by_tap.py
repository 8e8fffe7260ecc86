"""A topic knows the tap that wrote it down, and how often its draft was changed."""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rituals", "0011_letting_a_topic_go"),
    ]

    operations = [
        # What was written before gets a key of its own from the database, row by row.
        migrations.AddField(
            model_name="topic",
            name="client_key",
            field=models.UUIDField(db_default=RandomUUID()),
        ),
        migrations.AlterField(
            model_name="topic",
            name="client_key",
            field=models.UUIDField(),
        ),
        migrations.AddField(
            model_name="topic",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                fields=("couple", "author", "client_key"), name="one_topic_a_tap"
            ),
        ),
    ]
