"""Exports and their files stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_exports"), ("core", "0002_journal")]
    operations = [isolate("exports_export"), isolate("exports_exportfile")]
