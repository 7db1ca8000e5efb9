"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("seekers", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("seekers_seeker", granted={"id": "seeker"}),
        isolate("seekers_personaldatum", granted={"seeker_id": "seeker"}),
        isolate("seekers_unmaskreason"),
        isolate("seekers_consent", granted={"seeker_id": "seeker"}),
    ]
