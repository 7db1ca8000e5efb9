"""Limits on what strangers may do, counted in PostgreSQL so that all web processes agree."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from qingting.core.errors import TooMany

_COUNT = """
INSERT INTO core_ratecount (key, slot, hits, expires_at)
SELECT key, %(slot)s, 1, %(expires_at)s FROM unnest(%(keys)s::bytea[]) AS asked (key) ORDER BY key
ON CONFLICT (key, slot) DO UPDATE SET hits = core_ratecount.hits + 1 RETURNING hits
"""


def check_rate(what: str, who: str, *, limit: int, seconds: int, at: datetime) -> None:
    """Count one act of `who` and raise TooMany above `limit` acts in a window of `seconds`.

    `who` (an address, a phone) is stored as a digest only.
    """
    if max(_counted(what, {who}, seconds, at)) > limit:
        raise TooMany(
            "操作太频繁了，请稍等一下。",
            code=f"core.rate.{what}",
            do_next="如果您或身边的人正处在危险中，请直接拨打12355、110或120。",
            retry_after=seconds - int(at.timestamp()) % seconds,
        )


def any_first_within(what: str, whos: set[str], *, seconds: int, at: datetime) -> bool:
    """Whether one of `whos` (at least one) does this for the first time in the window that `at` lies in. A personal value in
    them must come as a keyed digest: this table's own has no key."""
    return 1 in _counted(what, whos, seconds, at)


def _counted(what: str, whos: set[str], seconds: int, at: datetime) -> list[int]:
    """How often each has done it in the window, this time included."""
    slot = int(at.timestamp()) // seconds
    keys = [hashlib.sha256(f"{what}\0{who}".encode()).digest()[:16] for who in whos]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"keys": keys, "slot": slot, "expires_at": at + timedelta(seconds=seconds)})
        return [int(hits) for (hits,) in cursor.fetchall()]


def forget_old_counts(*, at: datetime) -> None:
    """Drop windows that are over; called by the worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratecount WHERE expires_at < %s", [at])
