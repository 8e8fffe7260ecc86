from __future__ import annotations

from django.db import migrations

from couples.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("therapists", "0001_initial")]

    operations = [append_only("therapists_reading")]
