from __future__ import annotations

from django.db import migrations, models

# What the acts say, for repairs from before these columns.
FILL = """
UPDATE repairs_repair SET small = true
WHERE id IN (SELECT repair_id FROM repairs_repairact WHERE number = 1 AND kind = 'small')
  AND id NOT IN (SELECT repair_id FROM repairs_repairact WHERE kind = 'again_hurt');
UPDATE repairs_repair SET asks_on = mended_on + 2 WHERE stage = 'mended' AND NOT small;
UPDATE repairs_repair SET fades_on = NULL WHERE stage IN ('mended', 'sent');
"""


class Migration(migrations.Migration):
    dependencies = [("repairs", "0004_way_back")]

    operations = [
        migrations.AddField("repair", "asks_on", models.DateField(null=True)),
        migrations.AddField("repair", "small", models.BooleanField(default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
