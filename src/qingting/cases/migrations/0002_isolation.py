"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("cases_case", granted={"id": "case"}),
        isolate("cases_casehold", granted={"case_id": "case"}),
        isolate("cases_casenote", granted={"case_id": "case"}),
    ]
