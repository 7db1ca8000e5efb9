"""Facts of complaints stand behind the wall like the rest."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("statistics", "0003_complaints")]
    operations = [isolate("statistics_complaintfact")]
