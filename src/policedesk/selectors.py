"""Every read of the desk's pages."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deskwire.envelope import Envelope, MessageType
from deskwire.lifecycle import Link, may_send
from policedesk.database import Database
from policedesk.store import envelope_of, link_of
from policedesk.times import from_db

RECENT = 200
_RANK = {"CRITICAL": 0, "URGENT": 1, "ROUTINE": 2}
OPEN_STATES = frozenset({"requested", "received", "accepted", "in-progress"})


@dataclass(frozen=True, slots=True)
class Line:
    """One message of an incident's history, and whether it got through (for ours)."""

    message: Envelope
    ours: bool
    at: datetime
    delivery: str
    error: str
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident shared with 12355, as the pages show it."""

    link: Link
    outward: bool
    urgency: str
    began_at: datetime
    changed_at: datetime
    reply_by: datetime | None
    incident_no: str
    operator: str
    erased: bool
    body: Mapping[str, Any]

    @property
    def state(self) -> str:
        """Where it stands, as a code."""
        return str(self.link.state)

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN_STATES

    @property
    def waits_for_us(self) -> bool:
        """Whether it waits for this desk to take it."""
        return not self.outward and self.state == "received"

    @property
    def may(self) -> frozenset[MessageType]:
        """What this desk may send on it now."""
        return may_send(self.link)


_INCIDENT = (
    "SELECT l.*, i.outward, i.urgency, i.began_at, i.changed_at, i.reply_by, i.incident_no, i.operator, "
    "i.erased, (SELECT document FROM received r WHERE r.message_id = i.handoff_id AND r.link_id = i.link_id "
    "UNION ALL SELECT document FROM sent s WHERE s.message_id = i.handoff_id AND s.link_id = i.link_id "
    "LIMIT 1) AS document FROM incidents i JOIN links l ON l.link_id = i.link_id "
)


def list_incidents(database: Database) -> list[Incident]:
    """List incidents: open before ended, untaken before taken, urgent before ordinary, oldest first."""
    return sorted(list_newest(database), key=_order)


def find_incident(database: Database, link_id: str) -> Incident | None:
    """Find one incident."""
    with database.read() as connection:
        row = connection.execute(_INCIDENT + "WHERE i.link_id = ?", (link_id,)).fetchone()
    return _incident(row) if row else None


def find_incident_of_call(database: Database, call: str) -> Incident | None:
    """Find the newest incident whose handoff names this call of the other desk."""
    return next((found for found in list_newest(database) if call in _calls_of(found)), None)


def _calls_of(incident: Incident) -> set[str]:
    return {str(call.get("callId", "")) for call in incident.body.get("calls") or []}


def list_newest(database: Database) -> list[Incident]:
    """List the newest incidents, newest first."""
    with database.read() as connection:
        rows = connection.execute(_INCIDENT + "ORDER BY i.began_at DESC LIMIT ?", (RECENT,)).fetchall()
    return [_incident(row) for row in rows]


def history(database: Database, link_id: str) -> list[Line]:
    """List an incident's messages of both desks, oldest first; not those that are still held."""
    with database.read() as connection:
        received = connection.execute(
            "SELECT * FROM received WHERE link_id = ? AND state = 'stored'", (link_id,)
        ).fetchall()
        sent = connection.execute("SELECT * FROM sent WHERE link_id = ?", (link_id,)).fetchall()
    lines = [Line(envelope_of(r["document"]), False, from_db(r["received_at"]), "", "", None) for r in received]
    return sorted([*lines, *(_ours(row) for row in sent)], key=lambda line: (line.at, line.message.seq))


def undelivered(database: Database) -> int:
    """Count messages that 12355 does not have yet."""
    with database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM sent WHERE state <> 'delivered'").fetchone()[0])


def _ours(row: sqlite3.Row) -> Line:
    delivered_at = from_db(row["delivered_at"]) if row["delivered_at"] else None
    written = from_db(row["written_at"])
    return Line(envelope_of(row["document"]), True, written, row["state"], row["error"], delivered_at)


def _incident(row: sqlite3.Row) -> Incident:
    return Incident(
        link=link_of(row),
        outward=bool(row["outward"]),
        urgency=row["urgency"],
        began_at=from_db(row["began_at"]),
        changed_at=from_db(row["changed_at"]),
        reply_by=from_db(row["reply_by"]) if row["reply_by"] else None,
        incident_no=row["incident_no"] or "",
        operator=row["operator"] or "",
        erased=bool(row["erased"]),
        body=envelope_of(row["document"]).body,
    )


def _order(incident: Incident) -> tuple[bool, bool, int, float]:
    age = incident.began_at.timestamp()
    return (
        not incident.open,
        not incident.waits_for_us,
        _RANK[incident.urgency],
        age if incident.open else -age,
    )
