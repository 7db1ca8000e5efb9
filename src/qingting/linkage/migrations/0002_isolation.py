"""Everything here belongs to an organisation and stands behind the wall; messages also get their place in commit order."""

from django.db import migrations

from qingting.core.isolation import isolate

ORDER = """
alter table linkage_deskmessage add column txid xid8 not null default pg_current_xact_id();
create index linkage_message_order on linkage_deskmessage (desk_id, txid, id) where way = 'OUT';
"""


class Migration(migrations.Migration):
    dependencies = [("linkage", "0001_initial"), ("core", "0002_journal")]
    operations = [
        migrations.RunSQL(ORDER, "alter table linkage_deskmessage drop column txid;"),
        isolate("linkage_desk"),
        isolate("linkage_desklink"),
        isolate("linkage_deskmessage"),
        isolate("linkage_handoff", granted={"case_id": "case"}),
        isolate("linkage_handoffnote", granted={"case_id": "case"}),
    ]
