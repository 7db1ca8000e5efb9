"""How the line and the seats stand, read in one go by whoever distributes: while they look, nobody else does."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from qingting.duty import rules
from qingting.duty.models import WaitingEntry
from qingting.duty.states import EntryState, OfferState, PresenceState
from qingting.duty.subjects import FILLING

AT_ONCE = 50

# One distributor a line at a time; others wait for the few milliseconds it takes.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('qingting.duty.line'), %s)"
_COLUMNS = tuple(field.attname for field in WaitingEntry._meta.concrete_fields)  # noqa: SLF001  (documented)
_ENTRIES = f"""SELECT {", ".join(_COLUMNS)} FROM duty_waitingentry
WHERE organisation_id = %s AND state = '{EntryState.WAITING}' ORDER BY priority, entered_at, id LIMIT {AT_ONCE}"""
# Who sits there only matters while somebody waits.
_SEATS = f"""SELECT p.account_id, p.skills, p.capacity, p.idle_since, p.reachable,
  ARRAY(SELECT g.subject_kind FROM duty_engagement g WHERE g.account_id = p.account_id AND g.ended_at IS NULL)
  || ARRAY(SELECT e.subject_kind FROM duty_offer o JOIN duty_waitingentry e ON e.id = o.entry_id
    WHERE o.account_id = p.account_id AND o.state = '{OfferState.OPEN}')
FROM duty_presence p
WHERE p.organisation_id = %s AND p.state = '{PresenceState.READY}' AND p.last_heartbeat_at >= %s
  AND EXISTS (SELECT 1 FROM duty_waitingentry w WHERE w.organisation_id = %s AND w.state = '{EntryState.WAITING}')"""
# Who let an entry go a moment ago is not asked again at once.
_REFUSED = f"""SELECT o.entry_id, o.account_id FROM duty_waitingentry e JOIN duty_offer o ON o.entry_id = e.id
WHERE e.organisation_id = %s AND e.state = '{EntryState.WAITING}'
  AND o.state IN ('{OfferState.DECLINED}', '{OfferState.EXPIRED}') AND o.ended_at >= %s"""


@dataclass(frozen=True, slots=True)
class Board:
    """entries: who waits, in the order in which they are served; refused: by entry, the accounts that are not asked now."""

    entries: list[WaitingEntry]
    candidates: list[rules.Candidate]
    refused: dict[int, set[int]]


def lock_and_look(organisation_id: int, *, at: datetime) -> Board:
    """Whoever calls this is alone with the line of the organisation until their transaction ends."""
    with connection.cursor() as entries, connection.cursor() as seats, connection.cursor() as refused:
        with connection.together():  # type: ignore[attr-defined]  # our own backend
            with connection.cursor() as lock:
                lock.execute(_LOCK, [organisation_id % 2**31])
            entries.execute(_ENTRIES, [organisation_id])
            seats.execute(_SEATS, [organisation_id, at - rules.HEARTBEAT_LASTS, organisation_id])
            refused.execute(_REFUSED, [organisation_id, at - rules.REFUSAL_RESTS])
        waiting = [WaitingEntry.from_db(connection.alias, _COLUMNS, row) for row in entries.fetchall()]
        by_entry: dict[int, set[int]] = {}
        for entry_id, account_id in refused.fetchall():
            by_entry.setdefault(entry_id, set()).add(account_id)
        return Board(waiting, [_candidate(*row) for row in seats.fetchall()], by_entry)


def _candidate(
    account_id: int, skills: list[str], capacity: int, idle_since: datetime, *rest: bool | list[str]
) -> rules.Candidate:
    reachable, kinds = rest
    in_hand = kinds if isinstance(kinds, list) else []
    return rules.Candidate(
        account_id=account_id,
        skills=frozenset(skills),
        load=len(in_hand),
        capacity=capacity,
        idle_since=idle_since,
        reachable=bool(reachable),
        occupied=any(kind in FILLING for kind in in_hand),
    )
