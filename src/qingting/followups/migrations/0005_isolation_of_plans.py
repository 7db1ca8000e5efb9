"""Rules, plans and messages belong to an organisation and stand behind the wall, too."""

from django.db import migrations

from qingting.core.isolation import isolate


class Migration(migrations.Migration):
    dependencies = [("followups", "0004_rules_plans_and_messages")]
    operations = [
        isolate("followups_followuprule"),
        isolate("followups_trackingplan", granted={"case_id": "case"}),
        isolate("followups_linkmessage"),
    ]
