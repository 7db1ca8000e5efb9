"""Moments on the wire: RFC 3339 in, RFC 3339 in UTC out."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in any zone."""

_RFC3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""No moment of a young person's case lies outside. A year 9999 cannot be shown in every zone, and fails late."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def to_wire(moment: datetime) -> str:
    """Write an aware moment as `2026-11-22T05:07:20.123Z`; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment on the wire must know its zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """Read an RFC 3339 moment with its offset, between 1970 and 2199; anything else raises ValueError."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("not an RFC 3339 moment with an offset")
    moment = datetime.fromisoformat(text)
    _within(moment.year)
    return moment.astimezone(UTC)


def day_from_wire(text: str) -> date:
    """Read a day such as `2027-11-22`, between 1970 and 2199; anything else raises ValueError."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("not written as YYYY-MM-DD")
    _within(day.year)
    return day


def _within(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"not between {FIRST_YEAR} and {LAST_YEAR}")
