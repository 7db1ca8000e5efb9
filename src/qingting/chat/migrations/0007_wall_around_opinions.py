"""Opinions on messages stand behind the same wall as the messages."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("chat", "0006_second_opinion"), ("core", "0002_journal")]
    operations = [isolate("chat_secondopinion")]
