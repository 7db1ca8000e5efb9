"""Deadlines. A clock is a row with its due time in it, not a counter: after any outage each one that ran out fires once."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet

from qingting.core.actors import SYSTEM, Actor
from qingting.core.errors import DomainError
from qingting.core.events import Event, publish_many
from qingting.core.models import Clock
from qingting.core.rows import store_later
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import joined, later, lost_a_lock

TOP_LEVEL = 6  # a clock climbs at most from a county to the nation; beyond that nobody is left to tell
BATCH = 500
SET_ASIDE = timedelta(minutes=5)  # how long a clock rests whose handlers failed
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent(Event):
    """Common to all clock events. `kind` is the clock's kind, `level` how far it has climbed."""

    subject: ClassVar[str] = "clock_id"
    clock_id: int
    kind: str
    subject_kind: str
    matter_id: int
    level: int
    case_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned(ClockEvent):
    name: ClassVar[str] = "core.clock-warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBreached(ClockEvent):
    name: ClassVar[str] = "core.clock-breached"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEscalated(ClockEvent):
    name: ClassVar[str] = "core.clock-escalated"


@dataclass(frozen=True, slots=True)
class Span:
    """How long a clock runs: due and warn moments, and how often it climbs after the breach."""

    due_at: datetime
    warn_at: datetime
    escalate_every: timedelta


@joined
def start_clock(
    *, actor: Actor, kind: str, subject: tuple[str, int], span: Span, at: datetime, case_id: int | None = None
) -> Clock:
    """Start a clock for `subject` (kind, id). A second open clock of the same kind on it is refused by the database."""
    clock = drawn_clock(actor=actor, kind=kind, subject=subject, span=span, at=at, case_id=case_id)
    clock.save(force_insert=True)
    return clock


@joined
def start_clocks(clocks: Sequence[Clock], *, unless_running: bool = False) -> None:
    """Store clocks that were drawn, by one statement (`transactions.later`). A second open clock of one kind on one subject
    is refused by the database, or with `unless_running` left out."""
    store_later(clocks, unless_there=unless_running)


def drawn_clock(
    *, actor: Actor, kind: str, subject: tuple[str, int], span: Span, at: datetime, case_id: int | None = None
) -> Clock:
    """The same clock, not stored yet."""
    return Clock(
        organisation_id=actor.organisation_id,
        province=actor.province,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        case_id=case_id,
        started_at=at,
        warn_at=span.warn_at,
        due_at=span.due_at,
        escalate_every=span.escalate_every,
        next_check_at=span.warn_at,
    )


def _open(subject: tuple[str, int], kind: str | None) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1], met_at=None, cancelled_at=None)
    return clocks.filter(kind=kind) if kind else clocks


@joined
def meet_clock(*, subject: tuple[str, int], at: datetime, kind: str | None = None) -> int:
    """What the clock waited for has happened. Returns how many clocks were stopped; a late one stays marked as breached."""
    return _open(subject, kind).update(met_at=at, next_check_at=None)


_MEET = """UPDATE core_clock SET met_at = %(at)s, next_check_at = NULL WHERE subject_kind = %(kind)s AND subject_id = %(id)s
AND met_at IS NULL AND cancelled_at IS NULL AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))"""


@joined
def meet_clocks(*, subject: tuple[str, int], kinds: Iterable[str] | None, at: datetime) -> None:
    """The same for several kinds at once, or all (None), where nobody asks how many (`transactions.later`)."""
    chosen = None if kinds is None else sorted(kinds)
    later(_MEET, {"at": at, "kind": subject[0], "id": subject[1], "kinds": chosen})


@joined
def cancel_clock(*, subject: tuple[str, int], at: datetime, kind: str | None = None) -> int:
    """The clock no longer makes sense (order returned, merged). Returns how many were cancelled."""
    return _open(subject, kind).update(cancelled_at=at, next_check_at=None)


@joined
def pause_clock(*, subject: tuple[str, int], reason: str, at: datetime, kind: str | None = None) -> int:
    """Hold the clock (挂起). A reason is required; what remains is kept by moving the deadlines on when it resumes."""
    if not reason.strip():
        raise DomainError("挂起时限需要写明理由。", code="core.clock.reason-missing", do_next="请补充理由后再挂起。")
    running = _open(subject, kind).filter(paused_at=None)
    return running.update(paused_at=at, pause_reason=reason, next_check_at=None)


@joined
def resume_clock(*, subject: tuple[str, int], at: datetime, kind: str | None = None) -> int:
    """Let a paused clock run on; every deadline moves by the length of the pause."""
    count = 0
    for clock in _open(subject, kind).filter(paused_at__isnull=False).select_for_update():
        moved = at - (clock.paused_at or at)
        clock.warn_at, clock.due_at = clock.warn_at + moved, clock.due_at + moved
        clock.next_check_at = clock.warn_at if clock.warned_at is None else clock.due_at
        if clock.breached_at is not None:
            clock.next_check_at = at + clock.escalate_every
        clock.paused_at, clock.pause_reason = None, ""
        clock.save()
        count += 1
    return count


# One statement takes due clocks, skipping those another worker holds, and moves each one step: to warned, to breached
# (a clock first seen after its due time is breached at once), or one level up. The state decides, so nothing fires twice.
_TICK = f"""
WITH due AS (
  SELECT id, due_at <= %(at)s AND breached_at IS NULL AS breach, breached_at IS NOT NULL AS climb, next_check_at AS since
  FROM core_clock
  WHERE next_check_at <= %(at)s AND (%(only)s::bigint IS NULL OR id = %(only)s) ORDER BY next_check_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE core_clock c SET
  warned_at = coalesce(c.warned_at, %(at)s),
  breached_at = CASE WHEN due.breach THEN %(at)s ELSE c.breached_at END,
  level = CASE WHEN due.climb THEN c.level + 1 ELSE c.level END,
  next_check_at = CASE WHEN due.climb AND c.level + 1 >= {TOP_LEVEL} THEN NULL
    WHEN due.breach OR due.climb THEN %(at)s + c.escalate_every ELSE c.due_at END
FROM due WHERE c.id = due.id
RETURNING c.id, c.kind, c.subject_kind, c.subject_id, c.level, c.case_id, c.organisation_id, c.province, due.breach, due.climb,
  due.since
"""
Fired = tuple[int, str, str, int, int, int | None, int, str, bool, bool, datetime]


def _event(row: Fired) -> ClockEvent:
    clock_id, kind, subject_kind, subject_id, level, case_id, organisation_id, province, breach, climb, _ = row
    event = ClockEscalated if climb else ClockBreached if breach else ClockWarned
    return event(
        organisation_id=organisation_id,
        province=province,
        clock_id=clock_id,
        kind=kind,
        subject_kind=subject_kind,
        matter_id=subject_id,
        level=level,
        case_id=case_id or 0,
    )


def tick(*, at: datetime, limit: int = BATCH) -> int:
    """Move up to `limit` due clocks one step, the longest due first; the step and all it causes commit together.

    A clock whose handlers fail does not stop the others: the batch is taken apart, and the one that fails is tried again
    after SET_ASIDE. Returns how many moved.
    """
    try:
        return _move(at, limit)
    except (OperationalError, InterfaceError) as error:
        if not lost_a_lock(error):
            raise  # the database has gone; the clocks are still due
        return _one_by_one(at, limit)
    except Exception:
        log.exception("a batch of clocks failed; they go one by one")
        return _one_by_one(at, limit)


def _one_by_one(at: datetime, limit: int) -> int:
    with acting(EVERYTHING):
        due = Clock.objects.filter(next_check_at__lte=at).order_by("next_check_at", "pk")
        ids = list(due.values_list("pk", flat=True)[:limit])
        return sum(_alone(clock_id, at) for clock_id in ids)


def _alone(clock_id: int, at: datetime) -> int:
    try:
        return _move(at, 1, only=clock_id)
    except (OperationalError, InterfaceError) as error:
        if not lost_a_lock(error):
            raise
        return (
            0  # somebody acts on its matter at this moment, and may well meet it; otherwise it is due at the next step
        )
    except Exception:
        log.exception("clock %s failed and is set aside", clock_id)
        Clock.objects.filter(pk=clock_id, next_check_at__lte=at).update(next_check_at=at + SET_ASIDE)
        return 0


# Whoever acts locks an order, a case, a handoff first and its clocks then; here it is the other way round. So this side, which
# can come again at any time, gives up long before the server would look for a deadlock (after a second) and end one of both.
_PATIENCE = "SET LOCAL lock_timeout = '250ms'"


def _move(at: datetime, limit: int, only: int | None = None) -> int:
    with acting(EVERYTHING), transaction.atomic():
        later(_PATIENCE)
        with connection.cursor() as cursor:
            cursor.execute(_TICK, {"at": at, "limit": limit, "only": only})
            rows: list[Fired] = sorted(cursor.fetchall(), key=lambda row: (row[-1], row[0]))
        publish_many([_event(row) for row in rows], actor=SYSTEM, at=at)
    return len(rows)


def shift_due(*, subject: tuple[str, int], kind: str, by: timedelta) -> int:
    """Grant an extension: the deadlines of the open clock move by `by`."""
    return _open(subject, kind).update(
        due_at=F("due_at") + by, warn_at=F("warn_at") + by, next_check_at=F("warn_at") + by
    )
