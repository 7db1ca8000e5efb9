"""What somebody keeps to search for stands behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_search")]
    operations = [isolate("orders_savedview")]
