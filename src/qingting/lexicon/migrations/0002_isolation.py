"""Versions, what they change in the traffic, and labelled rows stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("lexicon", "0001_versions"), ("core", "0002_journal")]
    operations = [isolate("lexicon_lexiconversion"), isolate("lexicon_trafficshift"), isolate("lexicon_labelledrow")]
