"""Rows and the journal's entries that tell of them, in one statement: on the roads where a round trip is what counts.

What is stored, and what handlers hear, is what `create` and `publish` would give; only the number of statements differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from qingting.core import journal
from qingting.core.actors import Actor
from qingting.core.events import Event, hand_on
from qingting.core.rows import as_json, as_row


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that changes rows and says `RETURNING 1`; where it touches none, nothing else is stored either."""

    sql: str
    parameters: tuple[Any, ...] = ()


UNLESS_THERE = Change("")  # the first row gives way to one that a unique constraint knows already


def store(
    rows: Sequence[models.Model],
    events: Sequence[Event],
    *,
    actor: Actor,
    provided: Change | None = None,
    also: Sequence[Change] = (),
    at: datetime,
) -> bool:
    """Insert the rows, write the entries, run the handlers, inside the caller's transaction.

    provided: what must come true for that, `UNLESS_THERE` or a change; returns False where it does not. also: changes that
    travel along whatever comes of the rest.
    """
    sql, parameters = _written(rows, provided)
    for n, change in enumerate(also):
        sql += f", also{n} AS ({change.sql})"
        parameters += change.parameters
    entries = as_json([journal.as_row(event, actor=actor, at=at) for event in events])
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {_COUNTED}", [*parameters, entries])
        (stored,) = cursor.fetchone()
    if stored:
        for event in events:
            hand_on(event, at=at)
    return bool(stored)


_COUNTED = f""", told AS (
  INSERT INTO core_entry ({journal.COLUMNS})
  SELECT {journal.COLUMNS} FROM jsonb_populate_recordset(null::core_entry, %s::jsonb) WHERE EXISTS (SELECT 1 FROM started)
) SELECT EXISTS (SELECT 1 FROM started)"""


def _written(rows: Sequence[models.Model], provided: Change | None) -> tuple[str, list[Any]]:
    """The `WITH` of all but the journal: `started` is what the rest depends on."""
    parts: list[str] = []
    parameters: list[Any] = []
    if provided is not None and provided is not UNLESS_THERE:
        parts.append(f"started AS ({provided.sql})")
        parameters += provided.parameters
    for n, row in enumerate(rows):
        leads = not parts
        giving_way = " ON CONFLICT DO NOTHING" if leads and provided is UNLESS_THERE else ""
        end = f"{giving_way} RETURNING 1" if leads else ""
        condition = "" if leads else " WHERE EXISTS (SELECT 1 FROM started)"
        table = row._meta.db_table  # noqa: SLF001  (documented, in spite of its name)
        name = "started" if leads else f"row{n}"
        parts.append(
            f"{name} AS (INSERT INTO {table} SELECT r.* FROM jsonb_populate_record(null::{table}, %s::jsonb) r{condition}{end})"
        )
        parameters.append(as_json(as_row(row)))
    return "WITH " + ", ".join(parts), parameters
