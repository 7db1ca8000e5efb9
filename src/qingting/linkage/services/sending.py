"""The outbox loop: claim, send over HTTP outside any transaction, note the receipt.

Killed at any moment it loses nothing and doubles nothing: a claim is a lease that runs out, and the other desk knows a
message it has by its id.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import connection, transaction

from deskwire.envelope import Envelope, MessageType
from deskwire.errors import DeskError, FinalError, TransientError, UnreachableError
from deskwire.intake import Receipt
from deskwire.lifecycle import delivered
from deskwire.outbox import delay
from deskwire.timers import TRANSPORT
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import Direction
from qingting.linkage import selectors
from qingting.linkage.events import HandoffDelivered, HandoffNotTaken, SharedNotTaken
from qingting.linkage.models import Desk, DeskMessage, Handoff
from qingting.linkage.services.arriving import desk_actor
from qingting.linkage.services.ending import lift
from qingting.linkage.services.lanes import Lanes
from qingting.linkage.services.posting import move, told
from qingting.linkage.services.telling import tell_seat
from qingting.linkage.states import MessageState
from qingting.linkage.store import envelope_of, lock_link, read_link, save_link
from qingting.linkage.wire import client_of

Now = Callable[[], datetime]
LEASE = timedelta(seconds=TRANSPORT.connect + TRANSPORT.read + 1)
_lanes = Lanes("outbox")
_jitter = random.SystemRandom().random

# Of each link only the oldest undelivered message, so that the other desk gets them in order; a message the other desk
# refused for good stops its link until a person looks. `next_attempt_at` moves on as the lease.
_CLAIM = """
UPDATE linkage_deskmessage SET attempts = attempts + 1, next_attempt_at = %(lease)s WHERE id IN (
  SELECT m.id FROM linkage_deskmessage m JOIN linkage_desk d ON d.id = m.desk_id
  WHERE m.way = 'OUT' AND m.state = 'WAITING' AND m.next_attempt_at <= %(at)s AND NOT d.paused AND d.manner = 'WIRE'
    AND NOT EXISTS (SELECT 1 FROM linkage_deskmessage o WHERE o.link_id = m.link_id AND o.way = 'OUT'
      AND o.seq < m.seq AND o.state <> 'DELIVERED')
  ORDER BY m.id LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class _Claimed:
    row_id: int
    desk: Desk
    attempts: int
    message: Envelope


def send_due(*, at: datetime, limit: int = 20) -> int:
    """Send what may be sent now, and what that makes sendable. Returns how many messages were delivered."""
    now, count = _running_from(at), 0
    while claimed := _claim(at=now(), limit=limit):
        done = _send_all(claimed, now)
        count += done
        if not done:
            break
    return count


def _running_from(at: datetime) -> Now:
    """A clock that reads `at` now and goes on with the machine's: waiting for other desks takes time."""
    began = monotonic()
    return lambda: at + timedelta(seconds=monotonic() - began)


def _claim(*, at: datetime, limit: int) -> list[_Claimed]:
    with acting(EVERYTHING), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"at": at, "lease": at + LEASE, "limit": limit})
            ids = [row[0] for row in cursor.fetchall()]
        rows = DeskMessage.objects.select_related("desk").filter(pk__in=ids).order_by("pk") if ids else []
        return [_Claimed(r.pk, r.desk, r.attempts, envelope_of(r.document_sealed)) for r in rows]


def _send_all(claimed: list[_Claimed], now: Now) -> int:
    by_desk: dict[int, list[_Claimed]] = defaultdict(list)
    for item in claimed:
        by_desk[item.desk.pk].append(item)
    return _lanes.each(by_desk.items(), lambda items: _send_to_one(items, now))


def _send_to_one(items: list[_Claimed], now: Now) -> int:
    """Send to one desk; when it can't be reached, the rest waits without being tried."""
    count = 0
    gone: TransientError | None = None
    for item in items:
        error: DeskError | None = gone
        if error is None:
            outcome = _call(item)
            if isinstance(outcome, Receipt):
                _note_delivery(item, outcome, at=now())
                count += 1
                continue
            error = outcome
        if isinstance(error, FinalError):
            _note_refusal(item, error, at=now())
        elif isinstance(error, TransientError):
            _note_failure(item, error, at=now())
            gone = error if isinstance(error, UnreachableError) else gone
    return count


def _call(item: _Claimed) -> Receipt | DeskError:
    try:
        return client_of(item.desk).send(item.message)
    except DeskError as error:
        return error


@transaction.atomic
def _note_delivery(item: _Claimed, receipt: Receipt, *, at: datetime) -> None:
    with acting(EVERYTHING):
        lock_link(item.message.link_id)
        fresh = DeskMessage.objects.filter(pk=item.row_id, state=MessageState.WAITING).update(
            state=MessageState.DELIVERED,
            delivered_at=at,
            receipt_at=receipt.received_at,
            next_attempt_at=None,
            error="",
        )
        if fresh and item.message.type is MessageType.HANDOFF:
            _note_handoff_delivered(item, at=at)


def _note_handoff_delivered(item: _Claimed, *, at: datetime) -> None:
    link = read_link(item.message.link_id)
    if link is not None:
        save_link(delivered(link), item.desk)
    handoff = _handoff(item.message.link_id)
    if handoff is None:
        return
    Handoff.objects.filter(pk=handoff.pk, delivered_at=None).update(delivered_at=at)
    move(handoff, "deliver")
    publish(HandoffDelivered(**told(handoff)), actor=desk_actor(item.desk), at=at)


@transaction.atomic
def _note_failure(item: _Claimed, error: TransientError, *, at: datetime) -> None:
    wait = delay(item.attempts, _jitter(), retry_after=error.retry_after)
    with acting(EVERYTHING):
        DeskMessage.objects.filter(pk=item.row_id, state=MessageState.WAITING).update(
            next_attempt_at=at + timedelta(seconds=wait), error=error.code[:40]
        )


@transaction.atomic
def _note_refusal(item: _Claimed, error: FinalError, *, at: datetime) -> None:
    """The other desk will never take this message: its link stops, and a person has to telephone."""
    with acting(EVERYTHING):
        lock_link(item.message.link_id)
        DeskMessage.objects.filter(pk=item.row_id, state=MessageState.WAITING).update(
            state=MessageState.REFUSED, next_attempt_at=None, error=error.code[:40]
        )
        if item.message.type is MessageType.CHAIN:
            _tell_of_shared(item, error, at=at)
            return
        handoff = _handoff(item.message.link_id)
        if handoff is None:
            return
        if item.message.type is MessageType.HANDOFF and move(handoff, "refuse", ended_at=at):
            lift(handoff, actor=desk_actor(item.desk), at=at)
        publish(HandoffNotTaken(**told(handoff, code=error.code)), actor=desk_actor(item.desk), at=at)
        tell_seat(handoff, "linkage.not-taken", at=at)


def _tell_of_shared(item: _Claimed, error: FinalError, *, at: datetime) -> None:
    told = SharedNotTaken(
        organisation_id=item.desk.organisation_id,
        province=item.desk.province,
        desk_id=item.desk.pk,
        partner=selectors.partner_name(item.desk),
        link=item.message.link_id,
        code=error.code[:40],
    )
    publish(told, actor=desk_actor(item.desk), at=at)


def _handoff(link_id: str) -> Handoff | None:
    mine = Handoff.objects.select_related("desk", "case").filter(link_id=UUID(link_id))
    return mine.filter(direction=Direction.TO_POLICE).first()


@transaction.atomic
def hurry(desk: Desk, *, at: datetime) -> int:
    """The line is back: what waits for this desk is due now, whatever its back-off. Returns how many messages."""
    with acting(EVERYTHING):
        waiting = DeskMessage.objects.filter(desk=desk, way="OUT", state=MessageState.WAITING)
        return waiting.filter(next_attempt_at__gt=at).update(next_attempt_at=at)
