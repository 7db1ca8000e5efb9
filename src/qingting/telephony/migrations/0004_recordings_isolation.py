"""Recordings stand behind the wall like the calls that they are of."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("telephony", "0003_recordings")]
    operations = [isolate("telephony_recording", granted={"call_id": "call"})]
