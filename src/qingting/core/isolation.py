"""The wall between organisations: row-level security, forced, written once here and applied by each room's migrations.

A row is visible when the scope has everything, when its organisation is in the scope, when a live grant names its subject
for an organisation in the scope, or, for chats, when it belongs to the one visit that is looking. `(select …)` keeps the
settings out of the per-row work; `nullif` because an unset setting reads '' on a pooled connection.
"""

from django.db import migrations

_EVERYTHING = "(select current_setting('app.everything', true) = 'on')"
_SCOPE = "(select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[]"
_VISIT = "(select nullif(current_setting('app.visit', true), '0')::bigint)"


def _grant(kind: str, column: str, table: str) -> str:
    return (
        f"exists (select 1 from core_grant g where g.subject_kind = '{kind}' and g.subject_id = {table}.{column}"
        f" and g.organisation_id = any({_SCOPE}) and g.revoked_at is null and (g.ends_at is null or g.ends_at > now()))"
    )


def visible(table: str, *, granted: dict[str, str] | None = None, visit: str = "") -> str:
    """The SQL condition under which a row of `table` is visible.

    granted: column → subject kind of the grants that open the row; visit: the column that holds a portal visit's id.
    """
    parts = [_EVERYTHING, f"organisation_id = any({_SCOPE})"]
    if visit:
        parts.append(f"{visit} = {_VISIT}")
    parts += [_grant(kind, column, table) for column, kind in (granted or {}).items()]
    return " or ".join(parts)


def isolate(table: str, *, granted: dict[str, str] | None = None, visit: str = "") -> migrations.RunSQL:
    """The migration operation that puts a table behind the wall."""
    condition = visible(table, granted=granted, visit=visit)
    return migrations.RunSQL(
        f"alter table {table} enable row level security; alter table {table} force row level security;"
        f" create policy scope on {table} using ({condition}) with check ({condition});",
        f"drop policy scope on {table}; alter table {table} no force row level security;"
        f" alter table {table} disable row level security;",
    )
