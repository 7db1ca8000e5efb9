"""Moments as the database keeps them and as people at the desk read them."""

from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "北京时间")


def to_db(moment: datetime) -> str:
    """Write a moment so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_db(text: str) -> datetime:
    """Read a moment written by `to_db`."""
    return datetime.fromisoformat(text)


def local(moment: datetime) -> datetime:
    """Return a moment in Beijing time."""
    return moment.astimezone(CHINA)
