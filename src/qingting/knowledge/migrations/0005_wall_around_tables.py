"""Tables that were brought in stand behind the wall."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_tables_brought_in"), ("core", "0002_journal")]
    operations = [isolate("knowledge_resourceimport")]
