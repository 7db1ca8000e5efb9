"""The journal's order and armour: its transaction id, append-only by trigger, seals, and row-level security."""

from django.db import migrations

from qingting.core.isolation import isolate

ORDER = """
alter table core_entry add column txid xid8 not null default pg_current_xact_id();
create index core_entry_order on core_entry (txid, id);
create table core_seal (
  number bigint primary key, upto_txid xid8 not null, upto_id bigint not null, entries bigint not null,
  digest bytea not null check (length(digest) = 32), at timestamptz not null);
"""

PASSING = """
create unlogged table core_signal (id bigint generated always as identity primary key, at timestamptz not null default now(),
  name text not null, ids jsonb not null, data jsonb not null, channels text[] not null);
"""

ARMOUR = """
create function core_refuse_change() returns trigger language plpgsql as $$
begin raise exception 'the journal is append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger core_entry_append_only before update or delete or truncate on core_entry
  for each statement execute function core_refuse_change();
create trigger core_seal_append_only before update or delete or truncate on core_seal
  for each statement execute function core_refuse_change();
"""

# Entries are written by whoever acts, for whichever organisation the event belongs to; they are read within one's scope.
READING = """
alter table core_entry enable row level security;
alter table core_entry force row level security;
create policy append on core_entry for insert with check (true);
create policy read on core_entry for select using (
  (select current_setting('app.everything', true) = 'on')
  or organisation_id = any((select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[])
  or (case_id is not null and exists (select 1 from core_grant g where g.subject_kind = 'case'
      and g.subject_id = core_entry.case_id and g.revoked_at is null and (g.ends_at is null or g.ends_at > now())
      and g.organisation_id = any((select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[]))));
alter table core_grant enable row level security;
alter table core_grant force row level security;
create policy scope on core_grant using (
  (select current_setting('app.everything', true) = 'on')
  or organisation_id = any((select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[])
  or granted_by_organisation_id = any((select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(ORDER),
        migrations.RunSQL(PASSING),
        migrations.RunSQL(ARMOUR),
        migrations.RunSQL(READING),
        isolate("core_clock"),
    ]
