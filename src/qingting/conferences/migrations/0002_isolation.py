"""Conferences stand behind the wall, open to their guests by a grant on the conference alone: the case stays closed."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("conferences", "0001_conferences"), ("core", "0002_journal")]
    operations = [
        isolate("conferences_caseconference", granted={"id": "conference"}),
        isolate("conferences_conferenceseat", granted={"conference_id": "conference"}),
        isolate("conferences_conferencedecision", granted={"conference_id": "conference"}),
        isolate("conferences_conferencenote", granted={"conference_id": "conference"}),
    ]
