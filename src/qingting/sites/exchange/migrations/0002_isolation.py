"""Receipts stand behind the wall; keys can't, since they say who is asking."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("core", "0002_journal")]
    operations = [isolate("exchange_receipt")]
