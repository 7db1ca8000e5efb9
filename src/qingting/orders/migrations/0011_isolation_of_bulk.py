"""Plans of bulk work stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_supervision_and_bulk")]
    operations = [isolate("orders_bulk"), isolate("orders_bulkitem")]
