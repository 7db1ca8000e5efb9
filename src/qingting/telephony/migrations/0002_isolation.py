"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("telephony", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("telephony_line"),
        isolate("telephony_call", granted={"id": "call"}),
        isolate("telephony_leg", granted={"call_id": "call"}),
        isolate("telephony_callact"),
        isolate("telephony_sipaccount"),
        isolate("telephony_callbacktask"),
        isolate("telephony_blockednumber"),
    ]
