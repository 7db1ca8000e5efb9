"""Mandatory reports stand behind the wall, open to whom their case is open."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("linkage", "0005_mandatory_reports")]
    operations = [isolate("linkage_mandatoryreport", granted={"case_id": "case"})]
