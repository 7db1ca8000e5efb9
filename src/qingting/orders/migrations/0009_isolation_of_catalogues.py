"""Dispatch catalogues stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_catalogue")]
    operations = [isolate("orders_catalogue"), isolate("orders_catalogueline")]
