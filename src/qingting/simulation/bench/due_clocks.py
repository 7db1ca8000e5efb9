"""`bench clocks`: many clocks that ran out, drained by two workers of which one is killed; each fires once. Beside raw SQL."""

import os
import signal
import subprocess
import sys
import time as clock
from datetime import datetime
from typing import Any

import psycopg
from django.conf import settings

from qingting.core import time
from qingting.core.clocks import tick
from qingting.directory.models import Organisation

DEATH_AT = 0.3  # of all clocks
_FILL = """
INSERT INTO core_clock (id, organisation_id, province, kind, subject_kind, subject_id, started_at, warn_at, due_at,
  escalate_every, next_check_at, level, pause_reason)
SELECT n, (%(houses)s::bigint[])[1 + n %% %(many)s], '440000', 'CONSULTATION', 'order', n, %(at)s - interval '2 days',
  %(at)s - interval '30 hours', %(at)s - n * interval '1 second', interval '10 days', %(at)s - n * interval '1 second', 0, ''
FROM generate_series(1, %(count)s) n
"""
_RAW = """
WITH due AS (SELECT id FROM core_clock WHERE next_check_at <= %(at)s ORDER BY next_check_at, id LIMIT 200
  FOR UPDATE SKIP LOCKED),
fired AS (UPDATE core_clock c SET breached_at = %(at)s, warned_at = %(at)s, next_check_at = %(at)s + c.escalate_every
  FROM due WHERE c.id = due.id RETURNING c.*),
notice AS (INSERT INTO staff_notice (id, organisation_id, province, permission, kind, subject_kind, subject_id, urgency,
  created_at, dedupe) SELECT id, organisation_id, province, 'orders.work', 'core.clock-breached', 'order', subject_id, 'URGENT',
  %(at)s, 'raw' || id FROM fired)
INSERT INTO core_entry (id, at, name, acting_as, organisation_id, province, subject_kind, subject_id, ids, data, channels)
SELECT id, %(at)s, 'core.clock-breached', 'system', organisation_id, province, 'clock', id, '{}', '{}', '{}' FROM fired
"""
_ONCE = """SELECT count(*), count(DISTINCT subject_id), (SELECT count(*) FROM core_clock WHERE breached_at IS NOT NULL),
  (SELECT count(*) FROM staff_notice WHERE kind LIKE 'core.clock-breached%%')
  FROM core_entry WHERE name = 'core.clock-breached' AND subject_kind = 'clock'"""


def work(at: datetime) -> None:
    """One worker: until nothing is due."""
    while tick(at=at):
        pass


def measure_inside(count: int) -> dict[str, Any]:
    """Raw first, then ours in the same run, each over clocks of its own. Called where `DATABASE_URL` names the scratch."""
    at = time.now()
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
        owner.execute("SET app.everything = 'on'")
        houses = list(Organisation.objects.filter(kind="COUNTY").values_list("pk", flat=True))
        given = {"houses": houses, "many": len(houses), "at": at, "count": count}
        owner.execute(_FILL, given)
        began = clock.perf_counter()
        while owner.execute(_RAW, given).rowcount:
            pass
        raw = clock.perf_counter() - began
        for table in ("core_clock", "staff_notice"):
            owner.execute(f"DELETE FROM {table}")
        # The wall lets nobody delete entries, not even their owner; a scratch database is emptied beneath it.
        owner.execute(
            "ALTER TABLE core_entry DISABLE TRIGGER USER; TRUNCATE core_entry; ALTER TABLE core_entry ENABLE TRIGGER USER"
        )
        owner.execute(_FILL, given)
        seconds, killed_at = _drain(owner, count, at)
        fired, different, breached, told = owner.execute(_ONCE).fetchone() or (0, 0, 0, 0)
    return {
        "clocks": count,
        "workers": 2,
        "killed_after": killed_at,
        "fired": fired,
        "different": different,
        "breached": breached,
        "notices": told,
        "each_fired_once": fired == different == breached == told == count,
        "seconds": round(seconds, 1),
        "per_second": round(count / seconds, 1),
        "raw_per_second": round(count / raw, 1),
    }


def _worker(at: datetime) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "qingting", "bench", "clocks", "--worker", at.isoformat()]
    return subprocess.Popen(words, env=os.environ)


def _drain(owner: psycopg.Connection[Any], count: int, at: datetime) -> tuple[float, int]:
    """Both workers go; one is killed in the middle of it. Returns seconds, and how many had fired by then."""
    began, workers = clock.perf_counter(), [_worker(at), _worker(at)]
    fired = 0
    while fired < count * DEATH_AT and workers[0].poll() is None:
        clock.sleep(0.05)
        fired = _fired(owner)
    workers[0].send_signal(signal.SIGKILL)
    for worker in workers:
        worker.wait()
    return clock.perf_counter() - began, fired


def _fired(owner: psycopg.Connection[Any]) -> int:
    row = owner.execute("SELECT count(*) FROM core_clock WHERE breached_at IS NOT NULL").fetchone()
    return int(row[0]) if row else 0
