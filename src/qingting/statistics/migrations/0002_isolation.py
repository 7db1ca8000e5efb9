"""Facts are numbers, yet they tell of small places: they stand behind the wall like the rest."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("statistics_contactfact"),
        isolate("statistics_conversationfact"),
        isolate("statistics_casefact"),
    ]
