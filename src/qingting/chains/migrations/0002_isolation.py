"""Each party's file stands behind the wall of its own organisation, opened to nobody: the other parties have files of their own."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("chains", "0001_chains"), ("core", "0002_journal")]
    operations = [isolate("chains_chain"), isolate("chains_chainentry")]
