"""Invitations to listen stand behind the wall like everything else here."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("telephony", "0014_second_counsellor")]
    operations = [isolate("telephony_listeninvitation")]
