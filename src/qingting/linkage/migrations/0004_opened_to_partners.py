"""A handoff and its notes can be opened to the partner it went to, without the case it came from."""

from django.db import migrations

from qingting.core.isolation import visible

TABLES = {
    "linkage_handoff": {"case_id": "case", "id": "handoff"},
    "linkage_handoffnote": {"case_id": "case", "handoff_id": "handoff"},
}


def policy(table: str, granted: dict[str, str]) -> str:
    condition = visible(table, granted=granted)
    return (
        f"drop policy scope on {table};"
        f" create policy scope on {table} using ({condition}) with check ({condition});"
    )


class Migration(migrations.Migration):
    dependencies = [("linkage", "0003_manners_and_referrals")]
    operations = [
        migrations.RunSQL(policy(table, granted), policy(table, {"case_id": "case"}))
        for table, granted in TABLES.items()
    ]
