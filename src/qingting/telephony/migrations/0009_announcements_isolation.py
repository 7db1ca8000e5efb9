"""Announcements stand behind the wall like everything else here."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("telephony", "0008_announcements")]
    operations = [isolate("telephony_announcement"), isolate("telephony_announcementattempt")]
