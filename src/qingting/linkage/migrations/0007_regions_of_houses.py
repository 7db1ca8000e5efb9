"""Another 12355 installation says whose the organisations in it are."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("linkage", "0006_mandatory_reports_isolation")]
    operations = [
        migrations.AddField(
            model_name="desk",
            name="regions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6), default=list, size=None
            ),
        ),
    ]
