"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("risk_riskassessment", granted={"case_id": "case"}),
    ]
