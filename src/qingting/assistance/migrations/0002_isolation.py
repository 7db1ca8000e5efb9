"""Applications and their ledger stand behind the wall; the ledger is append-only, also for whoever owns the table."""

from django.db import migrations

from qingting.core.isolation import isolate

ARMOUR = """
create function assistance_refuse_change() returns trigger language plpgsql as $$
begin raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger assistance_ledger_append_only before update or delete on assistance_ledgerentry
  for each row execute function assistance_refuse_change();
"""
DISARM = """
drop trigger assistance_ledger_append_only on assistance_ledgerentry;
drop function assistance_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_assistance"), ("core", "0002_journal")]
    operations = [
        isolate("assistance_aidapplication"),
        isolate("assistance_ledgerentry"),
        isolate("assistance_aidnote"),
        migrations.RunSQL(ARMOUR, DISARM),
    ]
