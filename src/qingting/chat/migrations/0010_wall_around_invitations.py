"""Invitations to read along stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("chat", "0009_silent_invitation"), ("core", "0002_journal")]
    operations = [isolate("chat_silentinvitation")]
