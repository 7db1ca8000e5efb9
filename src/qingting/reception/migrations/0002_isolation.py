"""Everything here belongs to an organisation and stands behind the wall; a seeker sees what was said and left on their visit."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("reception", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("reception_setting"),
        isolate("reception_attendance", visit="visit_id"),
        isolate("reception_utterance", visit="visit_id"),
        isolate("reception_turn"),
        isolate("reception_leftmessage", visit="visit_id"),
        isolate("reception_watch"),
        isolate("reception_target"),
        isolate("reception_alert"),
        isolate("reception_call"),
    ]
