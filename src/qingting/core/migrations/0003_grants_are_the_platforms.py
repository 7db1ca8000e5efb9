"""A grant is read within one's scope, and written only by the platform itself.

The policy before let a scope write any grant that named itself: a wall whose keys lie beside it.
"""

from django.db import migrations

_EVERYTHING = "(select current_setting('app.everything', true) = 'on')"
_SCOPE = "(select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[]"
_PARTY = f"({_EVERYTHING} or organisation_id = any({_SCOPE}) or granted_by_organisation_id = any({_SCOPE}))"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_journal")]
    operations = [
        migrations.RunSQL(
            f"drop policy scope on core_grant;"
            f" create policy read on core_grant for select using {_PARTY};"
            f" create policy write on core_grant using ({_EVERYTHING}) with check ({_EVERYTHING});",
            f"drop policy read on core_grant; drop policy write on core_grant;"
            f" create policy scope on core_grant using {_PARTY};",
        )
    ]
