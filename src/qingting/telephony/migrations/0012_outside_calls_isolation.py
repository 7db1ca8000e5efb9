"""Calls from a case stand behind the wall like everything else here."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("telephony", "0011_outside_calls")]
    operations = [isolate("telephony_outsidecall")]
