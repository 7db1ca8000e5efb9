"""What people judged about danger belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("chat", "0003_judged_danger"), ("core", "0002_journal")]
    operations = [isolate("chat_dangerjudgement", granted={"conversation_id": "conversation"})]
