"""Notices belong to an organisation and are seen within its scope."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("core", "0002_journal")]
    operations = [isolate("staff_notice")]
