"""Limits on what strangers may do, counted in PostgreSQL so that all web processes agree."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from qingting.core.errors import TooMany

_COUNT = """
INSERT INTO core_ratecount (key, slot, hits, expires_at) VALUES (%(key)s, %(slot)s, 1, %(expires_at)s)
ON CONFLICT (key, slot) DO UPDATE SET hits = core_ratecount.hits + 1 RETURNING hits
"""


def check_rate(what: str, who: str, *, limit: int, seconds: int, at: datetime) -> None:
    """Count one act of `who` and raise TooMany above `limit` acts in a window of `seconds`.

    `who` (an address, a phone) is stored as a digest only.
    """
    if _counted(what, who, seconds, at) > limit:
        raise TooMany(
            "操作太频繁了，请稍等一下。",
            code=f"core.rate.{what}",
            do_next="如果您或身边的人正处在危险中，请直接拨打12355、110或120。",
            retry_after=seconds - int(at.timestamp()) % seconds,
        )


def first_within(what: str, who: str, *, seconds: int, at: datetime) -> bool:
    """Whether `who` does this for the first time in the window that `at` lies in. A personal value in `who` must come as a
    keyed digest: this table's own has no key."""
    return _counted(what, who, seconds, at) == 1


def _counted(what: str, who: str, seconds: int, at: datetime) -> int:
    slot = int(at.timestamp()) // seconds
    key = hashlib.sha256(f"{what}\0{who}".encode()).digest()[:16]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "slot": slot, "expires_at": at + timedelta(seconds=seconds)})
        (hits,) = cursor.fetchone()
    return int(hits)


def forget_old_counts(*, at: datetime) -> None:
    """Drop windows that are over; called by the worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratecount WHERE expires_at < %s", [at])
