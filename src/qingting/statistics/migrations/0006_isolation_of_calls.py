"""Facts of calls and of promises to call back stand behind the wall like the rest."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("statistics", "0005_calls")]
    operations = [isolate("statistics_callfact"), isolate("statistics_callbackfact")]
