"""Lawyers, rates, services and reports stand behind the wall; rates are append-only, also for whoever owns the table."""

from django.db import migrations

from qingting.core.isolation import isolate

ARMOUR = """
create function assistance_refuse_new_past() returns trigger language plpgsql as $$
begin raise exception 'rates are append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger assistance_rates_append_only before update or delete on assistance_subsidyrate
  for each row execute function assistance_refuse_new_past();
"""
DISARM = """
drop trigger assistance_rates_append_only on assistance_subsidyrate;
drop function assistance_refuse_new_past();
"""


class Migration(migrations.Migration):
    dependencies = [("assistance", "0003_legal_aid")]
    operations = [
        isolate("assistance_lawyer"),
        isolate("assistance_assignment"),
        isolate("assistance_subsidyrate"),
        isolate("assistance_legalservice"),
        isolate("assistance_closingreport"),
        migrations.RunSQL(ARMOUR, DISARM),
    ]
