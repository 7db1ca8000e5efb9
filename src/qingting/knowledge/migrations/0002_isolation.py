"""Behind the wall stands what is not published yet; what is published is for everybody to read and for its owner to change.

The index holds published words only and stands outside, so that its keys are used as they are.
"""

from django.db import migrations

from qingting.core.isolation import isolate


def told_to_all(table: str, condition: str) -> migrations.RunSQL:
    """The wall, with a window: rows that fulfil `condition` may be read by everybody."""
    return migrations.RunSQL(
        f"create policy told on {table} for select using ({condition});", f"drop policy told on {table};"
    )


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("core", "0002_journal")]
    operations = [
        isolate("knowledge_article"),
        told_to_all("knowledge_article", "live_version_id is not null"),
        isolate("knowledge_articleversion"),
        told_to_all("knowledge_articleversion", "state in ('PUBLISHED', 'SUPERSEDED')"),
        isolate("knowledge_resource"),
        told_to_all("knowledge_resource", "confirmed_at is not null"),
        isolate("knowledge_comment"),
    ]
