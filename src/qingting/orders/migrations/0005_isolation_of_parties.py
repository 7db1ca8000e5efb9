"""Helpers and asks stand behind the wall with their order."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_whole_life")]
    operations = [
        isolate("orders_cohandler", granted={"order_id": "order"}),
        isolate("orders_orderask", granted={"order_id": "order"}),
    ]
