"""Signs of life of the running parts, read by the health page."""

from datetime import datetime, timedelta

from django.db import connection

_BEAT = """INSERT INTO core_heartbeat (part, at, note) VALUES (%s, %s, %s)
ON CONFLICT (part) DO UPDATE SET at = excluded.at, note = excluded.note"""

FRESH = timedelta(seconds=15)


def beat(part: str, *, at: datetime, note: str = "") -> None:
    """Say that `part` was alive at `at`."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, (part, at, note[:200]))


def state_of_parts(*, at: datetime) -> dict[str, dict[str, object]]:
    """Every part ever seen: {part: {"ok": bool, "age_seconds": float, "note": str}}."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT part, at, note FROM core_heartbeat ORDER BY part")
        rows = cursor.fetchall()
    return {
        part: {"ok": at - seen <= FRESH, "age_seconds": round((at - seen).total_seconds(), 1), "note": note}
        for part, seen, note in rows
    }
