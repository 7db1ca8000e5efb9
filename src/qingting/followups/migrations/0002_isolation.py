"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("followups_followup", granted={"case_id": "case"}),
        isolate("followups_ratinginvitation", granted={"case_id": "case"}),
    ]
