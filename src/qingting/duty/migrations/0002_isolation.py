"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("duty_presence"),
        isolate("duty_waitingentry"),
        isolate("duty_offer"),
        isolate("duty_engagement"),
    ]
