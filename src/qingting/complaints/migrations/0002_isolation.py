"""Complaints and their words stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_complaints"), ("core", "0002_journal")]
    operations = [isolate("complaints_complaint"), isolate("complaints_complaintnote")]
