"""The steps of a crisis stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("risk", "0005_crisis_steps"), ("core", "0002_journal")]
    operations = [isolate("risk_steptaken")]
