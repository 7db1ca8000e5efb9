"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("chat_visit", visit="id"),
        isolate("chat_conversation", granted={"id": "conversation"}, visit="visit_id"),
        isolate("chat_message", granted={"conversation_id": "conversation"}, visit="visit_id"),
        isolate("chat_dangersign", granted={"conversation_id": "conversation"}),
        isolate("chat_participant"),
        isolate("chat_handover"),
    ]
