"""The journal: one entry for every change, in the change's own transaction; and reading it without skipping late commits."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qingting.core.actors import Actor
from qingting.core.events import Event
from qingting.core.ids import new_id
from qingting.core.rows import as_json
from qingting.core.transactions import later

COLUMNS = "id, at, name, account_id, acting_as, organisation_id, province, subject_kind, subject_id, case_id, ids, data, channels"
_INSERT = f"INSERT INTO core_entry ({COLUMNS}) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s::jsonb,%s::jsonb,%s)"


_INSERT_MANY = f"""INSERT INTO core_entry ({COLUMNS})
SELECT {COLUMNS} FROM jsonb_populate_recordset(null::core_entry, %s::jsonb)"""


def _row(event: Event, actor: Actor, at: datetime) -> tuple[Any, ...]:
    row = as_row(event, actor=actor, at=at)
    written = {name: json.dumps(row[name], ensure_ascii=False) for name in ("ids", "data")}
    return tuple({**row, **written}.values())


def as_row(event: Event, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """The entry of an event by column, for a statement that writes it together with the change itself."""
    ids = event.ids()
    subject = event.subject.removesuffix("_id")
    return {
        "id": new_id(),
        "at": at,
        "name": event.name,
        "account_id": actor.account_id or None,
        "acting_as": actor.acting_as,
        "organisation_id": event.organisation_id,
        "province": event.province,
        "subject_kind": subject,
        "subject_id": ids.get(subject, 0),
        "case_id": ids.get("case"),
        "ids": ids,
        "data": event.data(),
        "channels": event.channels(),
    }


def append(event: Event, *, actor: Actor, at: datetime) -> None:
    """Add one entry. Called by `events.publish`; a room never calls it itself."""
    later(_INSERT, _row(event, actor, at))


def append_many(events: Iterable[Event], *, actor: Actor, at: datetime) -> None:
    """Add many entries by one statement. Handlers are the caller's business."""
    rows = [as_row(event, actor=actor, at=at) for event in events]
    if rows:
        later(_INSERT_MANY, [as_json(rows)])


def append_stored(insert: str, parameters: Mapping[str, Any], entries: Iterable[dict[str, Any]]) -> None:
    """Store rows by an INSERT … RETURNING id, and the entries about those rows that were stored indeed, by one statement that
    travels with the next. Each entry's subject is its row."""
    words = f"WITH stored AS ({insert}) {_INSERT_STORED}"
    later(words, {**parameters, "entries": as_json(list(entries))})


_INSERT_STORED = f"""INSERT INTO core_entry ({COLUMNS})
SELECT {", ".join("e." + name for name in COLUMNS.split(", "))}
FROM jsonb_populate_recordset(null::core_entry, %(entries)s::jsonb) e JOIN stored ON stored.id = e.subject_id"""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the journal. Ordered by transaction first: an entry that commits late is never stepped over."""

    txid: int = 0
    entry_id: int = 0

    def __str__(self) -> str:
        return f"{self.txid}-{self.entry_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The inverse of str(); anything malformed raises ValueError."""
        txid, entry_id = text.split("-")
        return cls(int(txid), int(entry_id))


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry as its readers see it."""

    cursor: Cursor
    at: datetime
    name: str
    organisation_id: int
    province: str
    ids: dict[str, int]
    data: dict[str, Any]


# Entries of a transaction that is still running, or that began before one that is, are not visible yet: everything
# below the horizon is final, so a cursor moved up to it has seen all.
_READ = """
SELECT txid::text::bigint, id, at, name, organisation_id, province, ids, data FROM core_entry
WHERE (txid, id) > (%s::text::xid8, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY txid, id LIMIT %s
"""


def read_after(after: Cursor, *, limit: int = 1000) -> list[JournalRow]:
    """Entries behind `after` and below the visibility horizon, in order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_READ, (str(after.txid), after.entry_id, limit))
        return [
            JournalRow(Cursor(txid, entry_id), at, name, organisation_id, province, _json(ids), _json(data))
            for txid, entry_id, at, name, organisation_id, province, ids, data in cursor.fetchall()
        ]


def _json(value: Any) -> dict[str, Any]:
    """Django's cursor hands jsonb over as text."""
    decoded: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return decoded
