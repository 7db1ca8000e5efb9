"""Incident numbers (警情单号): division code, day, serial of the day, such as 440106202611220001."""

from datetime import datetime

from policedesk.database import Database
from policedesk.store import DeskTransaction
from policedesk.times import local


def next_incident_number(tx: DeskTransaction, region_code: str) -> str:
    """Take the next number of today (Beijing time); it is used up even if another is written instead."""
    day = local(tx.at).strftime("%Y%m%d")
    row = tx.connection.execute(
        "INSERT INTO serials (day, last) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
        (day,),
    ).fetchone()
    return f"{region_code}{day}{row['last']:04d}"


def peek_incident_number(database: Database, region_code: str, at: datetime) -> str:
    """Return the number that would come next, for a form to show, without taking it."""
    day = local(at).strftime("%Y%m%d")
    with database.read() as connection:
        row = connection.execute("SELECT last FROM serials WHERE day = ?", (day,)).fetchone()
    return f"{region_code}{day}{(row['last'] if row else 0) + 1:04d}"
