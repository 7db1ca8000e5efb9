"""Tasks, screeners and safety plans stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("risk", "0007_tasks_screeners_plans"), ("core", "0002_journal")]
    operations = [isolate("risk_crisistask"), isolate("risk_cssrsscreen"), isolate("risk_safetyplan")]
