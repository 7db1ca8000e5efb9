"""Merges and openings stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("seekers", "0004_growth_file")]
    operations = [
        isolate("seekers_seekermerge", granted={"kept_id": "seeker"}),
        isolate("seekers_fileopening", granted={"seeker_id": "seeker"}),
    ]
