"""Everything here belongs to an organisation and stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("orders_workorder", granted={"id": "order"}),
        isolate("orders_ordernote", granted={"order_id": "order"}),
    ]
